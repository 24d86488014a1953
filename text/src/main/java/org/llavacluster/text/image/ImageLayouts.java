package org.llavacluster.text.image;

import org.llavacluster.text.config.ModelConfig;

/** Lays out pictures for one model: which tiles, and in which order their rows enter the decoder. */
public final class ImageLayouts {

    public ImageLayouts(ModelConfig config) {}

    /**
     * The layout of a picture of that size as the model sees it ({@link ImageHeader#widthAsSeen}).
     *
     * @throws ImageFormatException if no tile arrangement takes a picture of this shape
     */
    public ImageLayout of(int width, int height) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** The most decoder rows that any picture becomes. */
    public int maxRows() {
        throw new UnsupportedOperationException("not written yet");
    }
}

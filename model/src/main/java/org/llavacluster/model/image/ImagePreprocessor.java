package org.llavacluster.model.image;

import java.lang.foreign.MemorySegment;
import org.llavacluster.text.config.ImageConfig;
import org.llavacluster.text.image.ImageFormatException;
import org.llavacluster.text.image.ImageLayout;
import org.llavacluster.text.image.ImageLimits;
import org.llavacluster.text.image.Preprocess;

/** Makes pixel values of encoded pictures, as one checkpoint wants them. Has no state: any thread may use it. */
public final class ImagePreprocessor {

    public ImagePreprocessor(ImageConfig config, Preprocess preprocess) {
        this(config, preprocess, ImageLimits.DEFAULT);
    }

    public ImagePreprocessor(ImageConfig config, Preprocess preprocess, ImageLimits limits) {}

    /**
     * Decodes a picture; of a moving one the first frame.
     *
     * @throws ImageFormatException if it cannot be decoded or exceeds a limit
     */
    public Picture read(byte[] encoded) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * Writes the tiles of a picture.
     *
     * @param layout of the picture's size, made by the model's layouts
     * @param pixels {@code [tiles, 3, side, side]}, float32
     */
    public void write(Picture picture, ImageLayout layout, MemorySegment pixels) {
        throw new UnsupportedOperationException("not written yet");
    }
}

package org.llavacluster.text.config;

import java.util.List;

/**
 * How a picture becomes tiles of pixel values.
 *
 * @param side of one tile, in pixels
 * @param shortestEdge the picture's short edge is resized to this before the centre crop; CROP only
 * @param mean per channel, of values in [0, 1]
 * @param std per channel
 * @param gridPinpoints canvas sizes to choose from; ANY_RESOLUTION only
 */
public record ImageConfig(
        Mode mode,
        int side,
        int shortestEdge,
        double rescaleFactor,
        List<Float> mean,
        List<Float> std,
        List<Resolution> gridPinpoints,
        Merge merge) {

    public ImageConfig {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        gridPinpoints = List.copyOf(gridPinpoints);
    }

    /** What happens to a picture that is not a square of the right size. */
    public enum Mode {
        /** Short edge to size, centre crop: Hugging Face's LLaVA-1.5. */
        CROP,
        /** Resized to a square whatever its shape: Hugging Face's {@code size} with height and width. */
        STRETCH,
        /** Centred on a square of the mean colour: the original LLaVA-1.5. */
        PAD,
        /** LLaVA-1.6: one tile of the whole picture and a grid of tiles of it enlarged. */
        ANY_RESOLUTION
    }

    /** How the tiles' rows are put together. */
    public enum Merge {
        /** One tile after the other. */
        FLAT,
        /** The grid as one picture, its rows of patches in order. */
        SPATIAL,
        /** The same without the padding, and with a newline row after each row of patches. */
        SPATIAL_UNPAD
    }

    /** A size in pixels. */
    public record Resolution(int height, int width) {}
}

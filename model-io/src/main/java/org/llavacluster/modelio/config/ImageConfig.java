package org.llavacluster.modelio.config;

import java.util.List;

/**
 * How an image becomes tiles of pixel values.
 *
 * @param side side of a tile in pixels
 * @param shortestEdge pixels that the image's short edge is resized to before the centre crop; CROP only
 * @param mean per channel, for values in [0, 1]
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

    /** What happens to an image that is not a square of the right size. */
    public enum Mode {
        /** Short edge resized, centre cropped: Hugging Face's LLaVA 1.5. */
        CROP,
        /** Resized to a square whatever its aspect ratio: Hugging Face's {@code size} with height and width. */
        STRETCH,
        /** Centred on a square of the mean colour: the original LLaVA 1.5. */
        PAD,
        /** LLaVA 1.6: one tile of the whole image and a grid of tiles of the enlarged image. */
        ANY_RESOLUTION
    }

    /** How the rows of tiles are combined. */
    public enum Merge {
        /** One tile after the other. */
        FLAT,
        /** The grid as one image, with its rows of patches in order. */
        SPATIAL,
        /** As SPATIAL, without the padding and with a newline row after each row of patches. */
        SPATIAL_UNPAD
    }

    /** A size in pixels. */
    public record Resolution(int height, int width) {}
}

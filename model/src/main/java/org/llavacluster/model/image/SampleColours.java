package org.llavacluster.model.image;

import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.util.Arrays;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageFormatException.Kind;

/**
 * The meaning of a pixel's samples. Samples are taken as sRGB whatever profile or gamma the file names, as Pillow does,
 * so a decoder's own colour conversion is not used.
 */
@FunctionalInterface
interface SampleColours {

    int OPAQUE = 0xFF << 24;

    /** The colour of the pixel whose samples start at {@code at}, as ARGB. */
    int argb(int[] samples, int at);

    /**
     * The meaning of the samples of an image with that colour model, as used by ImageIO's PNG, GIF, BMP and WebP
     * readers.
     */
    static SampleColours of(ColorModel model) {
        return switch (model) {
            case IndexColorModel indexed -> indexed(indexed);
            case DirectColorModel packed -> packed(packed);
            default -> components(model);
        };
    }

    /** 16-bit grey as Pillow reduces it to 8 bits: clamped to 255 instead of scaled. */
    static SampleColours cutOffGrey() {
        return (samples, at) -> grey(Math.min(samples[at], 255));
    }

    static int rgb(int red, int green, int blue) {
        return OPAQUE | red << 16 | green << 8 | blue;
    }

    private static SampleColours indexed(IndexColorModel model) {
        // An index beyond the palette is black.
        int[] palette = new int[Math.max(256, model.getMapSize())];
        Arrays.fill(palette, OPAQUE);
        model.getRGBs(palette);
        return (samples, at) -> palette[samples[at]];
    }

    /** BMP samples of 5, 6 or 8 bits, expanded to 8 and truncated as Pillow does. */
    private static SampleColours packed(DirectColorModel model) {
        int[] max = new int[4];
        for (int band = 0; band < model.getNumComponents(); band++) {
            max[band] = (1 << model.getComponentSize(band)) - 1;
        }
        boolean alpha = model.hasAlpha();
        return (samples, at) -> {
            int colour =
                    rgb(samples[at] * 255 / max[0], samples[at + 1] * 255 / max[1], samples[at + 2] * 255 / max[2]);
            return alpha ? withAlpha(colour, samples[at + 3] * 255 / max[3]) : colour;
        };
    }

    private static SampleColours components(ColorModel model) {
        int shift = shift(model);
        return switch (model.getNumComponents()) {
            case 1 -> (samples, at) -> grey(samples[at] >> shift);
            case 2 -> (samples, at) -> withAlpha(grey(samples[at] >> shift), samples[at + 1] >> shift);
            case 3 -> (samples, at) -> rgb(samples[at] >> shift, samples[at + 1] >> shift, samples[at + 2] >> shift);
            case 4 ->
                (samples, at) -> withAlpha(
                        rgb(samples[at] >> shift, samples[at + 1] >> shift, samples[at + 2] >> shift),
                        samples[at + 3] >> shift);
            default -> throw new ImageFormatException(Kind.UNSUPPORTED);
        };
    }

    /** Only the upper 8 of 16 bits count. */
    private static int shift(ColorModel model) {
        return switch (model.getTransferType()) {
            case DataBuffer.TYPE_BYTE -> 0;
            case DataBuffer.TYPE_USHORT -> 8;
            default -> throw new ImageFormatException(Kind.UNSUPPORTED);
        };
    }

    private static int grey(int level) {
        return rgb(level, level, level);
    }

    private static int withAlpha(int colour, int alpha) {
        return colour & ~OPAQUE | alpha << 24;
    }
}

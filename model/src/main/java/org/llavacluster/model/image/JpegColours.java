package org.llavacluster.model.image;

import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageFormatException.Kind;

/**
 * The meaning of a JPEG's components and libjpeg's conversion to RGB. Applied to the decoded samples before any
 * conversion, it gives the same pixels as libjpeg-turbo and Pillow.
 */
final class JpegColours {

    private static final int CENTRE = 128;
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_GREEN = fixed(0.34414);

    private JpegColours() {}

    static SampleColours of(JpegStructure jpeg) {
        return switch (jpeg.components()) {
            case 1 -> (samples, at) -> SampleColours.rgb(samples[at], samples[at], samples[at]);
            case 3 ->
                isRgb(jpeg)
                        ? (samples, at) -> SampleColours.rgb(samples[at], samples[at + 1], samples[at + 2])
                        : JpegColours::fromYcc;
            case 4 -> isCmyk(jpeg) ? JpegColours::fromCmyk : JpegColours::fromYcck;
            default -> throw new ImageFormatException(Kind.UNSUPPORTED);
        };
    }

    /**
     * libjpeg's rule: JFIF means YCbCr; otherwise Adobe's marker decides; otherwise component ids that spell RGB do.
     */
    private static boolean isRgb(JpegStructure jpeg) {
        if (jpeg.jfif()) {
            return false;
        }
        return jpeg.adobeTransform().isPresent() ? jpeg.adobeTransform().getAsInt() == 0 : jpeg.rgbIds();
    }

    private static boolean isCmyk(JpegStructure jpeg) {
        return jpeg.adobeTransform().orElse(0) == 0;
    }

    private static int fromYcc(int[] samples, int at) {
        int luma = samples[at];
        int cb = samples[at + 1] - CENTRE;
        int cr = samples[at + 2] - CENTRE;
        return SampleColours.rgb(
                level(luma + (CR_TO_RED * cr + HALF >> FRACTION_BITS)),
                level(luma + (-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF >> FRACTION_BITS)),
                level(luma + (CB_TO_BLUE * cb + HALF >> FRACTION_BITS)));
    }

    /** Adobe stores ink inverted: 255 is none. Pillow treats every JPEG of four components as Adobe's. */
    private static int fromCmyk(int[] samples, int at) {
        return onPaper(255 - samples[at], 255 - samples[at + 1], 255 - samples[at + 2], samples[at + 3]);
    }

    private static int fromYcck(int[] samples, int at) {
        int ink = fromYcc(samples, at);
        return onPaper(ink >> 16 & 0xFF, ink >> 8 & 0xFF, ink & 0xFF, samples[at + 3]);
    }

    /**
     * @param light the part of 255 that black ink leaves
     */
    private static int onPaper(int cyan, int magenta, int yellow, int light) {
        return SampleColours.rgb(
                light - timesOver255(cyan, light),
                light - timesOver255(magenta, light),
                light - timesOver255(yellow, light));
    }

    /** {@code a * b / 255}, rounded. */
    private static int timesOver255(int a, int b) {
        int product = a * b + 128;
        return (product >> 8) + product >> 8;
    }

    private static int level(int value) {
        return Math.clamp(value, 0, 255);
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }
}

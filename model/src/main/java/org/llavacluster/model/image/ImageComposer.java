package org.llavacluster.model.image;

import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.Preprocess;

/**
 * Turns decoded rows into the image that the model sees: either turned and over white, or as stored with transparency
 * ignored.
 */
final class ImageComposer {

    private static final int WHITE = 255;

    private ImageComposer() {}

    static DecodedImage compose(DrawnRows drawn, ImageHeader header, Preprocess preprocess) {
        int orientation = preprocess == Preprocess.NATURAL ? header.orientation() : ExifTurn.AS_STORED;
        boolean quarter = orientation >= ExifTurn.FIRST_QUARTER;
        int drawnWidth = quarter ? drawn.height() : drawn.width();
        int drawnHeight = quarter ? drawn.width() : drawn.height();
        byte[] rgb = pixels(drawn, ExifTurn.of(orientation, drawnWidth, drawnHeight), preprocess);
        int right = header.width() - drawn.left() - drawn.width();
        int bottom = header.height() - drawn.top() - drawn.height();
        return new DecodedImage(
                header.widthAsSeen(preprocess),
                header.heightAsSeen(preprocess),
                ExifTurn.left(orientation, drawn.left(), drawn.top(), right, bottom),
                ExifTurn.top(orientation, drawn.left(), drawn.top(), right, bottom),
                drawnWidth,
                drawnHeight,
                rgb,
                colour(seen(drawn.canvas(), preprocess)));
    }

    private static byte[] pixels(DrawnRows drawn, ExifTurn turn, Preprocess preprocess) {
        byte[] rgb = new byte[DecodedImage.bytes(drawn.width(), drawn.height())];
        int[] argb = new int[drawn.width()];
        for (int y = 0; y < drawn.height(); y++) {
            drawn.rows().read(y, argb);
            int pixel = turn.first() + y * turn.down();
            for (int colour : argb) {
                int seen = seen(colour, preprocess);
                rgb[3 * pixel] = (byte) (seen >> 16);
                rgb[3 * pixel + 1] = (byte) (seen >> 8);
                rgb[3 * pixel + 2] = (byte) seen;
                pixel += turn.right();
            }
        }
        return rgb;
    }

    private static int seen(int argb, Preprocess preprocess) {
        return preprocess == Preprocess.NATURAL ? overWhite(argb) : argb;
    }

    private static byte[] colour(int rgb) {
        return new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb};
    }

    /** Pillow's {@code alpha_composite} over opaque white, in its fixed point. */
    private static int overWhite(int argb) {
        int alpha = argb >>> 24;
        if (alpha == 255) {
            return argb;
        }
        if (alpha == 0) {
            return WHITE << 16 | WHITE << 8 | WHITE;
        }
        return blend(argb >> 16 & 0xFF, alpha) << 16 | blend(argb >> 8 & 0xFF, alpha) << 8 | blend(argb & 0xFF, alpha);
    }

    private static int blend(int level, int alpha) {
        int weighted = (level * alpha + WHITE * (255 - alpha) << 7) + (128 << 7);
        return ((weighted >> 8) + weighted >> 8) >> 7;
    }
}

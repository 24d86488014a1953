package org.llavacluster.model.image;

import org.llavacluster.text.image.ImageHeader;
import org.llavacluster.text.image.Preprocess;

/** Makes the picture that the model sees of decoded rows: turned and over white, or as stored with transparency ignored. */
final class PictureComposer {

    private static final int WHITE = 255;

    private PictureComposer() {}

    static Picture compose(PixelRows rows, ImageHeader header, Preprocess preprocess) {
        int width = header.widthAsSeen(preprocess);
        int height = header.heightAsSeen(preprocess);
        Turn turn = Turn.of(preprocess == Preprocess.NATURAL ? header.orientation() : 1, width, height);
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] argb = new int[header.width()];
        for (int y = 0; y < header.height(); y++) {
            rows.read(y, argb);
            int pixel = turn.first() + y * turn.down();
            for (int colour : argb) {
                int seen = preprocess == Preprocess.NATURAL ? overWhite(colour) : colour;
                rgb[3 * pixel] = (byte) (seen >> 16);
                rgb[3 * pixel + 1] = (byte) (seen >> 8);
                rgb[3 * pixel + 2] = (byte) seen;
                pixel += turn.right();
            }
        }
        return new Picture(width, height, rgb);
    }

    /**
     * How stored pixels map to the turned picture: the stored pixel (x, y) is the pixel {@code first + x * right + y * down} of it,
     * counted in reading order.
     */
    private record Turn(int first, int right, int down) {

        /**
         * EXIF 2.32, section 4.6.5.
         *
         * @param width of the turned picture
         * @param height of the turned picture
         */
        static Turn of(int orientation, int width, int height) {
            int last = width * height - 1;
            return switch (orientation) {
                case 2 -> new Turn(width - 1, -1, width);
                case 3 -> new Turn(last, -1, -width);
                case 4 -> new Turn(last - width + 1, 1, -width);
                case 5 -> new Turn(0, width, 1);
                case 6 -> new Turn(width - 1, width, -1);
                case 7 -> new Turn(last, -width, -1);
                case 8 -> new Turn(last - width + 1, -width, 1);
                default -> new Turn(0, 1, width);
            };
        }
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

package org.llavacluster.model.image;

/**
 * What a resampler reads: a picture somewhere on a canvas of one colour. The canvas is never held: a strip of a thousand pixels
 * padded to a square would be a thousand times its size.
 *
 * @param left column of the canvas where the picture starts
 * @param top row of the canvas where the picture starts
 * @param width of the canvas
 * @param height of the canvas
 * @param colour of the canvas, {@code [3]}
 */
record PixelSource(Picture picture, int left, int top, int width, int height, byte[] colour) {

    /** The picture alone. */
    static PixelSource of(Picture picture) {
        return new PixelSource(picture, 0, 0, picture.width(), picture.height(), new byte[3]);
    }

    /** The picture in the middle of the smallest square that holds it, as the original LLaVA pads it. */
    static PixelSource squared(Picture picture, byte[] colour) {
        int side = Math.max(picture.width(), picture.height());
        return new PixelSource(
                picture, (side - picture.width()) / 2, (side - picture.height()) / 2, side, side, colour);
    }

    /** One past the last column that the picture covers. */
    int right() {
        return left + picture.width();
    }

    /** Whether the picture covers a part of that row of the canvas. */
    boolean covers(int row) {
        return row >= top && row < top + picture.height();
    }
}

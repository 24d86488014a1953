package org.llavacluster.model.image;

/**
 * What a resampler reads: an image somewhere on a canvas of one colour. The canvas is never held: a strip of a thousand pixels
 * padded to a square would be a thousand times its size.
 *
 * @param left column of the canvas where the image starts
 * @param top row of the canvas where the image starts
 * @param width of the canvas
 * @param height of the canvas
 * @param colour of the canvas, {@code [3]}
 */
record PixelSource(Picture picture, int left, int top, int width, int height, byte[] colour) {

    /** What a row of the canvas shows. */
    enum RowKind {
        /** The canvas alone. */
        BARE,
        /** The image's own canvas, none of its pixels. */
        BACKDROP,
        /** Pixels of the image. */
        DRAWN
    }

    /** The image alone. */
    static PixelSource of(Picture picture) {
        return new PixelSource(picture, 0, 0, picture.width(), picture.height(), new byte[3]);
    }

    /** The image in the middle of the smallest square that holds it, as the original LLaVA pads it. */
    static PixelSource squared(Picture picture, byte[] colour) {
        int side = Math.max(picture.width(), picture.height());
        return new PixelSource(
                picture, (side - picture.width()) / 2, (side - picture.height()) / 2, side, side, colour);
    }

    /** One past the last column that the image covers. */
    int right() {
        return left + picture.width();
    }

    /** The first column that pixels cover. */
    int drawnLeft() {
        return left + picture.left();
    }

    /** One past the last column that pixels cover. */
    int drawnRight() {
        return left + picture.right();
    }

    /** The row of the image's pixels that lies in that row of the canvas, which shows pixels. */
    int drawnRow(int row) {
        return row - top - picture.top();
    }

    RowKind kind(int row) {
        int own = row - top;
        if (own < 0 || own >= picture.height()) {
            return RowKind.BARE;
        }
        return own >= picture.top() && own < picture.bottom() ? RowKind.DRAWN : RowKind.BACKDROP;
    }
}

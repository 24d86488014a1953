package org.llavacluster.model.image;

/**
 * The input of a resampler: an image on a canvas of one colour. The canvas is never held in memory, because a strip of
 * a thousand pixels padded to a square would be a thousand times its size.
 *
 * @param left column of the canvas where the image starts
 * @param top row of the canvas where the image starts
 * @param width width of the canvas
 * @param height height of the canvas
 * @param colour colour of the canvas, {@code [3]}
 */
record PixelSource(DecodedImage decoded, int left, int top, int width, int height, byte[] colour) {

    /** The contents of a row of the canvas. */
    enum RowKind {
        /** The canvas alone. */
        BARE,
        /** The image's own canvas without its pixels. */
        BACKDROP,
        /** The image without a canvas around it. */
        DRAWN
    }

    /** The image centred in the smallest square around it, as the original LLaVA pads it. */
    static PixelSource of(DecodedImage decoded) {
        return new PixelSource(decoded, 0, 0, decoded.width(), decoded.height(), new byte[3]);
    }

    /** The image in the middle of the smallest square that holds it, as the original LLaVA pads it. */
    static PixelSource squared(DecodedImage decoded, byte[] colour) {
        int side = Math.max(decoded.width(), decoded.height());
        return new PixelSource(
                decoded, (side - decoded.width()) / 2, (side - decoded.height()) / 2, side, side, colour);
    }

    /** One past the last column that the image covers. */
    int right() {
        return left + decoded.width();
    }

    /** The first column that pixels cover. */
    int drawnLeft() {
        return left + decoded.left();
    }

    /** The row of the image's pixels shown in that row of the canvas, which must show pixels. */
    int drawnRight() {
        return left + decoded.right();
    }

    /** The row of the image's pixels that lies in that row of the canvas, which shows pixels. */
    int drawnRow(int row) {
        return row - top - decoded.top();
    }

    RowKind kind(int row) {
        int own = row - top;
        if (own < 0 || own >= decoded.height()) {
            return RowKind.BARE;
        }
        return own >= decoded.top() && own < decoded.bottom() ? RowKind.DRAWN : RowKind.BACKDROP;
    }
}

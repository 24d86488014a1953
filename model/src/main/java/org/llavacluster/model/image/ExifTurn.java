package org.llavacluster.model.image;

/**
 * Maps stored pixels to turned ones (EXIF 2.32, section 4.6.5): the stored pixel (x, y) is the pixel {@code first + x *
 * right + y * down} of the turned rectangle, counted in reading order.
 */
record ExifTurn(int first, int right, int down) {

    static final int AS_STORED = 1;
    /** From this orientation on, width and height are swapped. */
    static final int FIRST_QUARTER = 5;

    /**
     * The turn of a rectangle of pixels.
     *
     * @param width width of the turned rectangle
     * @param height height of the turned rectangle
     */
    static ExifTurn of(int orientation, int width, int height) {
        int last = width * height - 1;
        return switch (orientation) {
            case 2 -> new ExifTurn(width - 1, -1, width);
            case 3 -> new ExifTurn(last, -1, -width);
            case 4 -> new ExifTurn(last - width + 1, 1, -width);
            case 5 -> new ExifTurn(0, width, 1);
            case 6 -> new ExifTurn(width - 1, width, -1);
            case 7 -> new ExifTurn(last, -width, -1);
            case 8 -> new ExifTurn(last - width + 1, -width, 1);
            default -> new ExifTurn(0, 1, width);
        };
    }

    /** Columns left of a rectangle after the turn, from those around it before. */
    static int left(int orientation, int left, int top, int right, int bottom) {
        return switch (orientation) {
            case 2, 3 -> right;
            case 5, 8 -> top;
            case 6, 7 -> bottom;
            default -> left;
        };
    }

    /** Rows above a rectangle after the turn, from those around it before. */
    static int top(int orientation, int left, int top, int right, int bottom) {
        return switch (orientation) {
            case 3, 4 -> bottom;
            case 5, 6 -> left;
            case 7, 8 -> right;
            default -> top;
        };
    }
}

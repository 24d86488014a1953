package org.llavacluster.model.image;

/** Pixels that a resampler reads row by row: a picture, or one on a canvas that is never held whole. */
interface PixelSource {

    int width();

    int height();

    /** Writes row {@code y} to {@code row}, {@code [width, 3]}. */
    void read(int y, byte[] row);

    static PixelSource of(Picture picture) {
        int stride = 3 * picture.width();
        return new PixelSource() {
            @Override
            public int width() {
                return picture.width();
            }

            @Override
            public int height() {
                return picture.height();
            }

            @Override
            public void read(int y, byte[] row) {
                System.arraycopy(picture.rgb(), y * stride, row, 0, stride);
            }
        };
    }

    /** The picture in the middle of the smallest square that holds it, as the original LLaVA pads it. */
    static PixelSource squared(Picture picture, byte[] colour) {
        int side = Math.max(picture.width(), picture.height());
        int left = (side - picture.width()) / 2;
        int top = (side - picture.height()) / 2;
        int stride = 3 * picture.width();
        return new PixelSource() {
            @Override
            public int width() {
                return side;
            }

            @Override
            public int height() {
                return side;
            }

            @Override
            public void read(int y, byte[] row) {
                for (int x = 0; x < side; x++) {
                    System.arraycopy(colour, 0, row, 3 * x, 3);
                }
                if (y >= top && y < top + picture.height()) {
                    System.arraycopy(picture.rgb(), (y - top) * stride, row, 3 * left, stride);
                }
            }
        };
    }
}

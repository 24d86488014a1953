package org.llavacluster.model.image;

import java.awt.image.Raster;
import java.util.Arrays;

/** A decoded picture, row by row, colours resolved but neither turned nor composited. */
@FunctionalInterface
interface PixelRows {

    /** Writes row {@code y} to {@code argb}, one pixel each, 8 bits per channel, not premultiplied. */
    void read(int y, int[] argb);

    /** Rows of a raster whose samples have that meaning. */
    static PixelRows of(Raster raster, SampleColours colours) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int[] samples = new int[width * bands];
        return (y, argb) -> {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, samples);
            for (int x = 0; x < width; x++) {
                argb[x] = colours.argb(samples, x * bands);
            }
        };
    }

    /** These rows on a larger canvas of one colour. */
    default PixelRows placed(int left, int top, int width, int height, int background) {
        int[] line = new int[width];
        return (y, argb) -> {
            Arrays.fill(argb, background);
            if (y >= top && y < top + height) {
                read(y - top, line);
                System.arraycopy(line, 0, argb, left, width);
            }
        };
    }
}

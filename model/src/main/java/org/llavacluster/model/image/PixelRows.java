package org.llavacluster.model.image;

import java.awt.image.Raster;

/** Decoded pixels row by row, with resolved colours, neither turned nor composited. */
@FunctionalInterface
interface PixelRows {

    /** Writes row {@code y} to {@code argb}, one pixel per element, 8 bits per channel, not premultiplied. */
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
}

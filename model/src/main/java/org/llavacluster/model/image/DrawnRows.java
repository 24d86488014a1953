package org.llavacluster.model.image;

import java.awt.image.Raster;

/**
 * Decoded pixels and their position in the stored image, neither turned nor composited.
 *
 * @param rows {@code height} rows of {@code width} pixels
 * @param left column of the stored image where the pixels start
 * @param top row of the stored image where the pixels start
 * @param canvas colour of the rest of the image, 8 bits per channel, not premultiplied
 */
record DrawnRows(PixelRows rows, int left, int top, int width, int height, int canvas) {

    /** Pixels that cover the image. */
    static DrawnRows whole(Raster raster, SampleColours colours) {
        return new DrawnRows(PixelRows.of(raster, colours), 0, 0, raster.getWidth(), raster.getHeight(), 0);
    }
}

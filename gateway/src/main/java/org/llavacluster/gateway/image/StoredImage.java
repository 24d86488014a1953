package org.llavacluster.gateway.image;

import com.google.protobuf.ByteString;

/**
 * An encoded image with its header's data.
 *
 * @param file as received
 * @param width as the model sees it, with the orientation applied if the preprocessing does
 * @param height likewise
 * @param rows number of decoder rows, which equals the number of image tokens
 */
public record StoredImage(ImageId id, ByteString file, int width, int height, int rows) {

    public StoredImage {
        if (width < 1 || height < 1 || rows < 1) {
            throw new IllegalArgumentException("image of " + width + " x " + height + " with " + rows + " rows");
        }
    }

    /** Tiles that the vision node computes for it. Padding is not counted, so large images have a few more. */
    public int tiles(int rowsPerTile) {
        return Math.ceilDiv(rows, rowsPerTile);
    }

    /** Width times height. */
    public long pixels() {
        return (long) width * height;
    }
}

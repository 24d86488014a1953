package org.llavacluster.gateway.image;

import com.google.protobuf.ByteString;

/**
 * An encoded image whose header was read.
 *
 * @param file as received
 * @param width as the model sees it, orientation applied where the preprocessing style does
 * @param height likewise
 * @param rows decoder rows, which is the number of image tokens
 */
public record StoredImage(ImageId id, ByteString file, int width, int height, int rows) {

    public StoredImage {
        if (width < 1 || height < 1 || rows < 1) {
            throw new IllegalArgumentException("image of " + width + " x " + height + " with " + rows + " rows");
        }
    }
}

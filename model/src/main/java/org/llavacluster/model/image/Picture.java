package org.llavacluster.model.image;

/**
 * A decoded picture as the model sees it.
 *
 * @param rgb {@code [height, width, 3]}, 8 bits per channel. Whoever holds it must not write to it
 */
public record Picture(int width, int height, byte[] rgb) {

    public Picture {
        if (width < 1 || height < 1 || rgb.length != Math.multiplyExact(3, Math.multiplyExact(width, height))) {
            throw new IllegalArgumentException(rgb.length + " bytes for a picture of " + width + " x " + height);
        }
    }
}

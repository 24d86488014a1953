package org.llavacluster.model.image;

import java.util.Arrays;

/**
 * A decoded image as the model sees it: a canvas of one colour with a rectangle of pixels on it. Usually the rectangle
 * covers the canvas. The frame of a GIF or an animated WebP may be a small part of it, and the canvas is then never
 * held in memory.
 *
 * @param width width of the canvas
 * @param height height of the canvas
 * @param left column of the canvas where the pixels start
 * @param top row of the canvas where the pixels start
 * @param drawnWidth columns that the pixels cover
 * @param drawnHeight rows that the pixels cover
 * @param rgb the pixels, {@code [drawnHeight, drawnWidth, 3]}, 8 bits per channel; not copied, so the caller must not
 *     change it
 * @param canvas colour of the rest, {@code [3]}
 */
public record DecodedImage(
        int width, int height, int left, int top, int drawnWidth, int drawnHeight, byte[] rgb, byte[] canvas) {

    public DecodedImage {
        boolean inside = left >= 0
                && top >= 0
                && drawnWidth >= 1
                && drawnHeight >= 1
                && left <= width - drawnWidth
                && top <= height - drawnHeight;
        if (!inside || canvas.length != 3 || rgb.length != bytes(drawnWidth, drawnHeight)) {
            throw new IllegalArgumentException(rgb.length + " bytes of " + drawnWidth + " x " + drawnHeight
                    + " pixels at " + left + ", " + top + " of an image of " + width + " x " + height);
        }
    }

    /** An image whose pixels cover it. */
    public DecodedImage(int width, int height, byte[] rgb) {
        this(width, height, 0, 0, width, height, rgb, new byte[3]);
    }

    /** Bytes of that many RGB pixels. */
    static int bytes(int width, int height) {
        return Math.multiplyExact(3, Math.multiplyExact(width, height));
    }

    /** One past the last column that the pixels cover. */
    int right() {
        return left + drawnWidth;
    }

    /** One past the last row that the pixels cover. */
    int bottom() {
        return top + drawnHeight;
    }

    /** Writes a row of the canvas, {@code [width, 3]}. */
    void row(int y, byte[] line) {
        boolean drawn = y >= top && y < bottom();
        if (!drawn || drawnWidth < width) {
            fill(line);
        }
        if (drawn) {
            System.arraycopy(rgb, 3 * drawnWidth * (y - top), line, 3 * left, 3 * drawnWidth);
        }
    }

    private void fill(byte[] line) {
        if (canvas[0] == canvas[1] && canvas[1] == canvas[2]) {
            Arrays.fill(line, canvas[0]);
            return;
        }
        for (int i = 0; i < line.length; i++) {
            line[i] = canvas[i % 3];
        }
    }
}

package org.llavacluster.training.scenes;

/**
 * A box of an image in pixels, as COCO writes it.
 *
 * @param x of its left edge
 * @param y of its top edge
 */
public record ThingBox(int x, int y, int width, int height) {

    public ThingBox {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a box of " + width + " x " + height);
        }
    }

    int right() {
        return x + width;
    }

    int bottom() {
        return y + height;
    }

    double centreX() {
        return x + width / 2.0;
    }

    double centreY() {
        return y + height / 2.0;
    }

    long area() {
        return (long) width * height;
    }

    /** Whether fewer than {@code gap} pixels are between the two. */
    boolean isNear(ThingBox other, int gap) {
        return x < other.right() + gap
                && other.x < right() + gap
                && y < other.bottom() + gap
                && other.y < bottom() + gap;
    }
}

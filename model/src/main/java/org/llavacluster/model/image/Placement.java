package org.llavacluster.model.image;

/**
 * Where a resized picture lies on a canvas.
 *
 * @param width of the whole picture, resized
 * @param height of the whole picture, resized
 * @param left column of the canvas where the picture starts; negative where columns are cut off
 * @param top row of the canvas where the picture starts; negative where rows are cut off
 */
record Placement(int width, int height, int left, int top) {

    /** The whole of a canvas, whatever the picture's shape. */
    static Placement stretched(int canvasWidth, int canvasHeight) {
        return new Placement(canvasWidth, canvasHeight, 0, 0);
    }

    /**
     * transformers' {@code get_resize_output_image_size} and {@code center_crop}: the short edge resized to {@code shortestEdge},
     * the long one in proportion and truncated; then the middle of that. Where that is smaller than the canvas, in its middle.
     */
    static Placement cropped(int width, int height, int shortestEdge, int side) {
        long product = (long) shortestEdge * Math.max(width, height);
        int longEdge = (int) ((double) product / Math.min(width, height));
        int resizedWidth = width <= height ? shortestEdge : longEdge;
        int resizedHeight = width <= height ? longEdge : shortestEdge;
        return new Placement(
                resizedWidth,
                resizedHeight,
                -Math.floorDiv(resizedWidth - side, 2),
                -Math.floorDiv(resizedHeight - side, 2));
    }

    /**
     * transformers' {@code get_patch_output_size}: as large as fits on the canvas with the aspect kept, the shorter side rounded
     * up; centred, an odd pixel left over at the right or the bottom.
     */
    static Placement fitted(int width, int height, int canvasWidth, int canvasHeight) {
        double scaleWidth = (double) canvasWidth / width;
        double scaleHeight = (double) canvasHeight / height;
        int resizedWidth = canvasWidth;
        int resizedHeight = canvasHeight;
        if (scaleWidth < scaleHeight) {
            resizedHeight = Math.min((int) Math.ceil(height * scaleWidth), canvasHeight);
        } else {
            resizedWidth = Math.min((int) Math.ceil(width * scaleHeight), canvasWidth);
        }
        return new Placement(
                resizedWidth, resizedHeight, (canvasWidth - resizedWidth) / 2, (canvasHeight - resizedHeight) / 2);
    }
}

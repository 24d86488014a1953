package org.llavacluster.model.image;

/**
 * Size and position of a resized image on a canvas.
 *
 * @param width width of the whole resized image
 * @param height height of the whole resized image
 * @param left column of the canvas where the image starts; negative if columns are cut off
 * @param top row of the canvas where the image starts; negative if rows are cut off
 */
record ImagePlacement(int width, int height, int left, int top) {

    /** The whole canvas, whatever the image's aspect ratio. */
    static ImagePlacement stretched(int canvasWidth, int canvasHeight) {
        return new ImagePlacement(canvasWidth, canvasHeight, 0, 0);
    }

    /**
     * transformers' {@code get_resize_output_image_size} and {@code center_crop}: the short edge resized to {@code
     * shortestEdge}, the long one in proportion and truncated, then the centre cut out. An image smaller than the
     * canvas is centred.
     */
    static ImagePlacement cropped(int width, int height, int shortestEdge, int side) {
        long product = (long) shortestEdge * Math.max(width, height);
        int longEdge = (int) ((double) product / Math.min(width, height));
        int resizedWidth = width <= height ? shortestEdge : longEdge;
        int resizedHeight = width <= height ? longEdge : shortestEdge;
        return new ImagePlacement(
                resizedWidth,
                resizedHeight,
                -Math.floorDiv(resizedWidth - side, 2),
                -Math.floorDiv(resizedHeight - side, 2));
    }

    /**
     * transformers' {@code get_patch_output_size}: as large as fits the canvas with the aspect ratio kept, the shorter
     * side rounded up; centred, with an odd pixel left at the right or the bottom.
     */
    static ImagePlacement fitted(int width, int height, int canvasWidth, int canvasHeight) {
        double scaleWidth = (double) canvasWidth / width;
        double scaleHeight = (double) canvasHeight / height;
        int resizedWidth = canvasWidth;
        int resizedHeight = canvasHeight;
        if (scaleWidth < scaleHeight) {
            resizedHeight = Math.min((int) Math.ceil(height * scaleWidth), canvasHeight);
        } else {
            resizedWidth = Math.min((int) Math.ceil(width * scaleHeight), canvasWidth);
        }
        return new ImagePlacement(
                resizedWidth, resizedHeight, (canvasWidth - resizedWidth) / 2, (canvasHeight - resizedHeight) / 2);
    }
}

package org.llavacluster.text.image;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.llavacluster.text.config.ModelConfig.Layout;

/**
 * Which patches of an any-resolution canvas hold only padding: transformers' and the original LLaVA's {@code unpad_image}. The
 * two differ in how a size that falls just short of a whole patch is rounded.
 */
record Unpadding(Layout layout) {

    /** Decimal places that transformers rounds to before it truncates. */
    private static final int PLACES = 7;

    /** Patches to leave away at either end of each axis; at most one axis has any. */
    record Margin(int rows, int columns) {

        static final Margin NONE = new Margin(0, 0);
    }

    /**
     * The margins of a canvas of that many patches.
     *
     * @param width of the picture, in pixels
     * @param height of the picture, in pixels
     */
    Margin margin(int patchRows, int patchColumns, int width, int height) {
        double aspect = (double) width / height;
        double canvasAspect = (double) patchColumns / patchRows;
        if (aspect > canvasAspect) {
            int kept = whole(height * ((double) patchColumns / width));
            return new Margin((patchRows - kept) / 2, 0);
        }
        int kept = whole(width * ((double) patchRows / height));
        return new Margin(0, (patchColumns - kept) / 2);
    }

    private int whole(double patches) {
        return switch (layout) {
            // Python's round: the exact binary value, half to even.
            case HUGGING_FACE ->
                (int) new BigDecimal(patches)
                        .setScale(PLACES, RoundingMode.HALF_EVEN)
                        .doubleValue();
            case ORIGINAL -> (int) patches;
        };
    }
}

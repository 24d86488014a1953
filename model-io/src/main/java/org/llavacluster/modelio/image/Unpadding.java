package org.llavacluster.modelio.image;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.llavacluster.modelio.config.ModelConfig.Layout;

/**
 * Computes which patches of an any-resolution canvas contain only padding, as {@code unpad_image} of transformers and
 * of the original LLaVA. The two round a size just below a whole patch differently.
 */
record Unpadding(Layout layout) {

    /** Decimal places to which transformers rounds before truncating. */
    private static final int PLACES = 7;

    /** Patches to drop at either end of each axis; not 0 on at most one axis. */
    record Margin(int rows, int columns) {

        static final Margin NONE = new Margin(0, 0);
    }

    /**
     * The margins of a canvas of that many patches.
     *
     * @param width width of the image in pixels
     * @param height height of the image in pixels
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

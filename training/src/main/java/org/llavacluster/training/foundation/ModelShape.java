package org.llavacluster.training.foundation;

/**
 * The sizes of a model that is made anew.
 *
 * @param vocabulary most tokens of the tokenizer, special ones among them
 * @param imageSide pixels of a side of the images that CLIP sees
 * @param patch pixels of a side of a patch
 * @param visionWidth columns of CLIP's rows
 * @param visionLayers of CLIP
 * @param visionHeads of CLIP
 * @param featureLayer whose output is projected, counted from the end: -1 is the last
 * @param width columns of LLaMA's rows
 * @param layers of LLaMA
 * @param heads of LLaMA
 * @param intermediate columns within LLaMA's MLP
 * @param positions most tokens of a conversation, an image's rows among them
 */
public record ModelShape(
        int vocabulary,
        int imageSide,
        int patch,
        int visionWidth,
        int visionLayers,
        int visionHeads,
        int featureLayer,
        int width,
        int layers,
        int heads,
        int intermediate,
        int positions) {

    /** Bytes, and the tokens that every tokenizer has. */
    static final int FIXED_TOKENS = 256 + 6;

    public ModelShape {
        requirePositive("--vision-layers", visionLayers);
        requirePositive("--layers", layers);
        requirePositive("--intermediate", intermediate);
        requirePositive("--positions", positions);
        requireMultiple("--image", imageSide, "--patch", patch);
        requireMultiple("--vision-width", visionWidth, "--vision-heads", visionHeads);
        requireMultiple("--width", width, "--heads", heads);
        if (width / heads % 2 != 0) {
            throw new IllegalArgumentException("--width divided by --heads must be even, not " + width / heads);
        }
        if (featureLayer > -1 || featureLayer < -visionLayers) {
            throw new IllegalArgumentException(
                    "--feature-layer must be from -" + visionLayers + " to -1, not " + featureLayer);
        }
        if (vocabulary <= FIXED_TOKENS) {
            throw new IllegalArgumentException("--vocabulary must be above " + FIXED_TOKENS + ", not " + vocabulary);
        }
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, not " + value);
        }
    }

    private static void requireMultiple(String option, int value, String divisorOption, int divisor) {
        requirePositive(option, value);
        requirePositive(divisorOption, divisor);
        if (value % divisor != 0) {
            throw new IllegalArgumentException(
                    option + " must be a multiple of " + divisorOption + ": " + value + " and " + divisor);
        }
    }
}

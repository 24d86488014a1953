package org.llavacluster.engine.training;

/**
 * A trainable addition of low rank to a frozen linear layer: {@code y + scale * (x A^T) B^T}, arXiv 2106.09685.
 *
 * @param rank rows of A {@code [rank, in]} and columns of B {@code [out, rank]}
 * @param scale alpha divided by the rank
 */
public record LowRankAdapter(int rank, float scale) {

    private static final String WEIGHT = "weight";

    public LowRankAdapter {
        if (rank < 1 || !Float.isFinite(scale)) {
            throw new IllegalArgumentException("rank " + rank + ", scale " + scale);
        }
    }

    /** The name of A beside that of the layer's weight. */
    public static String nameOfA(String weight) {
        return beside(weight, "lora_A.");
    }

    /** The name of B beside that of the layer's weight. */
    public static String nameOfB(String weight) {
        return beside(weight, "lora_B.");
    }

    private static String beside(String weight, String name) {
        if (!weight.endsWith("." + WEIGHT)) {
            throw new IllegalArgumentException(weight + " is not the weight of a linear layer");
        }
        return weight.substring(0, weight.length() - WEIGHT.length()) + name + WEIGHT;
    }
}

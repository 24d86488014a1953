package org.llavacluster.training.optimiser;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * AdamW's decay of weights, for those alone that Hugging Face's trainer decays: everything but biases and the scales of
 * norms. Embeddings and the output head decay too, also in rows without a gradient.
 *
 * @param rate part of a weight that decays per unit of learning rate
 * @param exempt names of further weights that do not decay
 */
public record WeightDecay(double rate, Set<String> exempt) {

    private static final Pattern BIAS = Pattern.compile("(?:.*\\.)?bias");

    /** {@code norm}, {@code input_layernorm}, {@code layer_norm1}, {@code pre_layrnorm} and their like. */
    private static final Pattern NORM = Pattern.compile("(?:.*[._])?(?:[a-z]*norm|norm)\\d*\\.(?:weight|bias)");

    public WeightDecay {
        exempt = Set.copyOf(exempt);
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("the weight decay must be at least 0 and below 1, not " + rate);
        }
    }

    public WeightDecay(double rate) {
        this(rate, Set.of());
    }

    /** Whether a weight decays, by its name in a program or in a file. */
    public static boolean appliesTo(String weight) {
        return !BIAS.matcher(weight).matches() && !NORM.matcher(weight).matches();
    }

    /** The decay of a weight: the rate, or 0. */
    public double of(String weight) {
        return appliesTo(weight) && !exempt.contains(weight) ? rate : 0;
    }
}

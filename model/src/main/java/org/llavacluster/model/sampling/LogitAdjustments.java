package org.llavacluster.model.sampling;

/**
 * What is added to and subtracted from logits before a token is chosen. The penalties are OpenAI's, over the tokens generated so far.
 *
 * @param presencePenalty in [-2, 2]; subtracted once from each token that was generated
 * @param frequencyPenalty in [-2, 2]; subtracted from each token as often as it was generated
 * @param biasedIds ids whose logits are biased, none twice
 * @param biases [biasedIds.length] in [-100, 100], added to those logits
 * @param minTokens before that many tokens none of {@code endIds} is chosen
 * @param endIds ids that end an answer
 */
public record LogitAdjustments(
        float presencePenalty, float frequencyPenalty, int[] biasedIds, float[] biases, int minTokens, int[] endIds) {

    private static final int[] NO_IDS = {};
    private static final float[] NO_BIASES = {};

    /** Leaves the logits alone. */
    public static final LogitAdjustments NONE = new LogitAdjustments(0, 0, NO_IDS, NO_BIASES, 0, NO_IDS);

    private static final float MAX_PENALTY = 2;
    private static final float MAX_BIAS = 100;

    /** @throws InvalidSamplingException if a value is outside its limits; NaN is outside of all */
    public LogitAdjustments {
        requirePenalty("presence_penalty", presencePenalty);
        requirePenalty("frequency_penalty", frequencyPenalty);
        if (biasedIds.length != biases.length) {
            throw new IllegalArgumentException(biases.length + " biases for " + biasedIds.length + " ids");
        }
        for (float bias : biases) {
            if (!(Math.abs(bias) <= MAX_BIAS)) {
                throw new InvalidSamplingException("logit_bias", "in [-100, 100]", bias);
            }
        }
        if (minTokens < 0) {
            throw new InvalidSamplingException("min_tokens", "at least 0", minTokens);
        }
    }

    /** Whether choosing a token depends on those generated before it. */
    boolean penalises() {
        return presencePenalty != 0 || frequencyPenalty != 0;
    }

    private static void requirePenalty(String field, float penalty) {
        if (!(Math.abs(penalty) <= MAX_PENALTY)) {
            throw new InvalidSamplingException(field, "in [-2, 2]", penalty);
        }
    }
}

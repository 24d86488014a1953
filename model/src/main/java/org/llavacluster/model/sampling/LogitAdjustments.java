package org.llavacluster.model.sampling;

/**
 * Adjustments of logits before a token is chosen. The penalties are OpenAI's, over the tokens generated so far.
 *
 * @param presencePenalty in [-2, 2]; subtracted once from each generated token
 * @param frequencyPenalty in [-2, 2]; subtracted from each token as often as it was generated
 * @param biasedIds distinct ids whose logits are biased
 * @param biases {@code [biasedIds.length]} in [-100, 100], added to those logits
 * @param minTokens number of tokens before any of {@code endIds} may be chosen
 * @param endIds ids that end an answer
 */
public record LogitAdjustments(
        float presencePenalty, float frequencyPenalty, int[] biasedIds, float[] biases, int minTokens, int[] endIds) {

    private static final int[] NO_IDS = {};
    private static final float[] NO_BIASES = {};

    /** Changes nothing. */
    public static final LogitAdjustments NONE = new LogitAdjustments(0, 0, NO_IDS, NO_BIASES, 0, NO_IDS);

    private static final float MAX_PENALTY = 2;
    private static final float MAX_BIAS = 100;

    /**
     * @throws InvalidSamplingException if a value is outside its limits or NaN
     */
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

    /** Whether a token's choice depends on the tokens generated before it. */
    boolean penalises() {
        return presencePenalty != 0 || frequencyPenalty != 0;
    }

    private static void requirePenalty(String field, float penalty) {
        if (!(Math.abs(penalty) <= MAX_PENALTY)) {
            throw new InvalidSamplingException(field, "in [-2, 2]", penalty);
        }
    }
}

package org.llavacluster.model.sampling;

/**
 * How the next token is chosen from the logits.
 *
 * @param temperature in [0, 100]; 0 is greedy
 * @param topP in (0, 1]; 1 keeps all
 * @param topK at least 0; 0 keeps all
 * @param minP in [0, 1]; 0 keeps all
 * @param repetitionPenalty in (0, 100]; 1 changes nothing
 * @param seed any value
 * @param topLogprobs number of alternatives with each token, at most {@value #MAX_TOP_LOGPROBS}; -1 for no log
 *     probabilities
 * @param adjustments adjustments of the logits
 */
public record SamplingParams(
        float temperature,
        float topP,
        int topK,
        float minP,
        float repetitionPenalty,
        long seed,
        int topLogprobs,
        LogitAdjustments adjustments) {

    /** The limit of OpenAI's API. */
    public static final int MAX_TOP_LOGPROBS = 20;

    /** Always the most likely token, without log probabilities. */
    public static final SamplingParams GREEDY = new SamplingParams(0, 1, 0, 0, 1, 0, -1);

    private static final float MAX_TEMPERATURE = 100;
    private static final float MAX_PENALTY = 100;

    /**
     * @throws InvalidSamplingException if a value is outside its limits or NaN
     */
    public SamplingParams {
        require(temperature >= 0 && temperature <= MAX_TEMPERATURE, "temperature", "in [0, 100]", temperature);
        require(topP > 0 && topP <= 1, "top_p", "in (0, 1]", topP);
        require(topK >= 0, "top_k", "at least 0", topK);
        require(minP >= 0 && minP <= 1, "min_p", "in [0, 1]", minP);
        require(
                repetitionPenalty > 0 && repetitionPenalty <= MAX_PENALTY,
                "repetition_penalty",
                "in (0, 100]",
                repetitionPenalty);
        require(
                topLogprobs >= -1 && topLogprobs <= MAX_TOP_LOGPROBS,
                "top_logprobs",
                "in [0, " + MAX_TOP_LOGPROBS + "], or -1 for none",
                topLogprobs);
    }

    /** Without adjustments of the logits. */
    public SamplingParams(
            float temperature, float topP, int topK, float minP, float repetitionPenalty, long seed, int topLogprobs) {
        this(temperature, topP, topK, minP, repetitionPenalty, seed, topLogprobs, LogitAdjustments.NONE);
    }

    /** Whether the most likely token is always chosen. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    private static void require(boolean holds, String field, String limit, Object value) {
        if (!holds) {
            throw new InvalidSamplingException(field, limit, value);
        }
    }
}

package org.llavacluster.gateway.request;

import java.util.Map;

/**
 * How tokens are drawn, checked.
 *
 * @param temperature 0 for greedy
 * @param topP 1 keeps all
 * @param topK 0 keeps all
 * @param minP 0 keeps all
 * @param repetitionPenalty 1 leaves the logits alone
 * @param presencePenalty 0 leaves the logits alone
 * @param frequencyPenalty 0 leaves the logits alone
 * @param logitBias by token id of the vocabulary
 * @param seed given by the caller or drawn
 */
public record SamplingSettings(
        float temperature,
        float topP,
        int topK,
        float minP,
        float repetitionPenalty,
        float presencePenalty,
        float frequencyPenalty,
        Map<Integer, Float> logitBias,
        long seed) {

    public SamplingSettings {
        logitBias = Map.copyOf(logitBias);
    }
}

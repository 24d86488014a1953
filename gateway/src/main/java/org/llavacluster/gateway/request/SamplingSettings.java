package org.llavacluster.gateway.request;

import java.util.Map;

/**
 * Checked settings of how tokens are drawn.
 *
 * @param temperature 0 for greedy
 * @param topP 1 keeps all
 * @param topK 0 keeps all
 * @param minP 0 keeps all
 * @param repetitionPenalty 1 changes nothing
 * @param presencePenalty 0 changes nothing
 * @param frequencyPenalty 0 changes nothing
 * @param logitBias by token id of the vocabulary
 * @param seed given by the caller or random
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

package org.llavacluster.gateway.request;

/**
 * How tokens are drawn, checked.
 *
 * @param temperature 0 for greedy
 * @param topP 1 keeps all
 * @param topK 0 keeps all
 * @param minP 0 keeps all
 * @param repetitionPenalty 1 leaves the logits alone
 * @param seed given by the caller or drawn
 */
public record SamplingSettings(
        float temperature, float topP, int topK, float minP, float repetitionPenalty, long seed) {}

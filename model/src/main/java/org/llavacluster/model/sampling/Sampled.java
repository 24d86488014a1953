package org.llavacluster.model.sampling;

/**
 * A token chosen from logits. Log probabilities are the model's own: the log-softmax of the computed logits, before
 * biases, penalties, temperature and filters. The arrays must not be changed.
 *
 * @param logprob log probability of the token; NaN if not requested
 * @param topIds the most likely tokens, most likely first, as many as requested
 * @param topLogprobs their log probabilities
 */
public record Sampled(int id, float logprob, int[] topIds, float[] topLogprobs) {}

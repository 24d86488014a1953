package org.llavacluster.model.sampling;

/**
 * A token chosen from logits. Log probabilities are those of the model itself: the log-softmax of the logits as computed,
 * before biases, penalties, temperature and filters. The caller must not write to the arrays.
 *
 * @param logprob of the token; NaN where no log probabilities were asked for
 * @param topIds the most likely tokens, most likely first, as many as were asked for
 * @param topLogprobs of those
 */
public record Sampled(int id, float logprob, int[] topIds, float[] topLogprobs) {}

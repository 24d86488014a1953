package org.llavacluster.model.sampling;

import java.lang.foreign.MemorySegment;

/** Chooses tokens. Holds scratch for one row of logits: one per thread serves any number of requests. */
public final class Sampler {

    private final float[] scores;

    public Sampler(int vocabulary) {
        this.scores = new float[vocabulary];
    }

    /**
     * Chooses the token at an index of an answer. Depends on the arguments alone, so that a resumed answer goes on as the lost one
     * would have.
     *
     * @param logits vocabulary little-endian floats
     * @param history ids of prompt and answer so far, for the repetition penalty; ids outside the vocabulary are ignored
     * @param historyLength how many of them there are
     * @param index of the token among the generated ones
     * @throws ArithmeticException if a logit is NaN or positive infinity, or all are negative infinity
     */
    public Sampled sample(SamplingParams params, MemorySegment logits, int[] history, int historyLength, long index) {
        throw new UnsupportedOperationException("logits of " + scores.length);
    }
}

package org.llavacluster.engine.simd.threads;

/**
 * Temporary memory for a piece of work. Its content does not outlive the piece, and it grows to the largest size
 * requested.
 */
public final class Scratch {

    private float[] slab = {};
    private float[] sums = {};
    private float[] rows = {};
    private float[] scores = {};
    private final float[] partial = new float[16];

    /** Weights, keys or values as floats. */
    public float[] slab(int size) {
        if (slab.length < size) {
            slab = new float[size];
        }
        return slab;
    }

    /** What tiles add up in. */
    public float[] sums(int size) {
        if (sums.length < size) {
            sums = new float[size];
        }
        return sums;
    }

    /** Rows packed for tiles. */
    public float[] rows(int size) {
        if (rows.length < size) {
            rows = new float[size];
        }
        return rows;
    }

    /** Attention scores. */
    public float[] scores(int size) {
        if (scores.length < size) {
            scores = new float[size];
        }
        return scores;
    }

    /** The partial sums of a reduction. */
    public float[] partial() {
        return partial;
    }
}

package org.llavacluster.model.sampling;

import java.util.Arrays;

/** The tokens that may be drawn, ordered by id, with their probabilities relative to the most likely one. */
final class Candidates {

    private final int[] ids;
    private final double[] weights;
    private int count;

    /** Scratch memory of the filters: scores, or score and id in one value. */
    private final float[] highestScores;

    private final long[] keys;

    Candidates(int vocabulary) {
        this.ids = new int[vocabulary];
        this.weights = new double[vocabulary];
        this.highestScores = new float[vocabulary];
        this.keys = new long[vocabulary];
    }

    /**
     * Adds the tokens that the filters keep.
     *
     * @param scores scores by id
     * @param max the highest score
     */
    void fill(float[] scores, float max, SamplingParams params) {
        // Ties with the k-th are kept, as in the reference.
        float threshold = params.topK() > 0 && params.topK() < scores.length
                ? kthHighest(scores, params.topK())
                : Float.NEGATIVE_INFINITY;
        count = 0;
        for (int id = 0; id < scores.length; id++) {
            if (scores[id] >= threshold) {
                ids[count] = id;
                // Subtracting the maximum avoids overflow at any temperature.
                weights[count] = StrictMath.exp(((double) scores[id] - max) / params.temperature());
                count++;
            }
        }
        if (params.topP() < 1) {
            keepTopP(scores, params.topP());
        }
        if (params.minP() > 0) {
            keepMinP(params.minP());
        }
    }

    /** @param uniform in [0, 1) */
    int draw(double uniform) {
        double target = uniform * total();
        double sum = 0;
        int last = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            if (sum > target) {
                return ids[i];
            }
            last = weights[i] > 0 ? i : last;
        }
        return ids[last];
    }

    /**
     * Removes the least likely tokens while their summed probabilities are at most 1 - p; the most likely token stays.
     * Of equal tokens the highest id goes first.
     */
    private void keepTopP(float[] scores, float p) {
        double removable = (1 - (double) p) * total();
        // All below the average of what may be removed go in any case, but for the most likely, which weigh 1. Only the
        // few others need sorting.
        double certain = Math.min(removable / count, 1);
        double removed = 0;
        int sorted = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] < certain) {
                removed += weights[i];
            } else {
                keys[sorted++] = key(scores[ids[i]], ids[i]);
            }
        }
        Arrays.sort(keys, 0, sorted);
        int first = 0;
        while (first < sorted - 1) {
            removed += weights[place(idOf(keys[first]))];
            if (removed > removable) {
                break;
            }
            first++;
        }
        keepFrom(scores, keys[first]);
    }

    private void keepFrom(float[] scores, long lowestKey) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (key(scores[ids[i]], ids[i]) >= lowestKey) {
                ids[kept] = ids[i];
                weights[kept++] = weights[i];
            }
        }
        count = kept;
    }

    /** Keeps tokens of at least that fraction of the highest probability. */
    private void keepMinP(float minP) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= minP) {
                ids[kept] = ids[i];
                weights[kept++] = weights[i];
            }
        }
        count = kept;
    }

    /** Uses a heap of the k highest scores so far, with the lowest of them on top. */
    private float kthHighest(float[] scores, int k) {
        Arrays.fill(highestScores, 0, k, Float.NEGATIVE_INFINITY);
        for (float score : scores) {
            if (score > highestScores[0]) {
                sink(score, k);
            }
        }
        return highestScores[0];
    }

    private void sink(float score, int k) {
        int place = 0;
        while (true) {
            int child = 2 * place + 1;
            if (child >= k) {
                break;
            }
            if (child + 1 < k && highestScores[child + 1] < highestScores[child]) {
                child++;
            }
            if (highestScores[child] >= score) {
                break;
            }
            highestScores[place] = highestScores[child];
            place = child;
        }
        highestScores[place] = score;
    }

    private int place(int id) {
        return Arrays.binarySearch(ids, 0, count, id);
    }

    private double total() {
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        return total;
    }

    /** Orders by score, then from high to low ids. */
    private static long key(float score, int id) {
        // -0 and 0 are equal scores.
        int bits = Float.floatToIntBits(score + 0f);
        int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ordered << 32 | ~id & 0xFFFFFFFFL;
    }

    private static int idOf(long key) {
        return ~(int) key;
    }
}

package org.llavacluster.model.sampling;

/**
 * Applies biases and penalties to the scores of one row, indexed by id, in place. Keeps scratch memory, so that no
 * token causes an allocation.
 */
final class LogitAdjuster {

    /** How often each id was generated; all 0 between calls. */
    private final int[] counts;

    /** For each id the last call that applied the repetition penalty to it. */
    private final int[] penalised;

    private int call;

    LogitAdjuster(int vocabulary) {
        this.counts = new int[vocabulary];
        this.penalised = new int[vocabulary];
    }

    /** Adds the biases, then excludes the end ids if the token at that index must not end the answer. */
    void bias(float[] scores, LogitAdjustments adjustments, long index) {
        int[] ids = adjustments.biasedIds();
        for (int i = 0; i < ids.length; i++) {
            scores[ids[i]] += adjustments.biases()[i];
        }
        if (index < adjustments.minTokens()) {
            for (int id : adjustments.endIds()) {
                scores[id] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    /** CTRL, arXiv 1909.05858, section 4.1: applied once per id of the history, however often it occurs. */
    void repetition(float[] scores, float penalty, int[] history, int historyLength) {
        call++;
        for (int i = 0; i < historyLength; i++) {
            int id = history[i];
            if (id >= 0 && id < scores.length && penalised[id] != call) {
                penalised[id] = call;
                float score = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
                scores[id] = Float.isFinite(scores[id]) ? Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE) : score;
            }
        }
    }

    /**
     * OpenAI's API reference, "Frequency and presence penalties": {@code score - count * frequency - (count > 0) *
     * presence}, with the counts of {@code history[from, to)}.
     */
    void occurrences(float[] scores, LogitAdjustments adjustments, int[] history, int from, int to) {
        for (int i = from; i < to; i++) {
            counts[history[i]]++;
        }
        for (int i = from; i < to; i++) {
            int id = history[i];
            if (counts[id] > 0) {
                scores[id] -= counts[id] * adjustments.frequencyPenalty();
                scores[id] -= adjustments.presencePenalty();
                counts[id] = 0;
            }
        }
    }
}

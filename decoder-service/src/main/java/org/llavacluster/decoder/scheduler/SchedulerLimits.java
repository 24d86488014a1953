package org.llavacluster.decoder.scheduler;

/**
 * Bounds of the scheduler.
 *
 * @param maxRunning most sequences that hold KV blocks
 * @param maxWaiting most sequences in the queue; more are refused
 * @param prefillRows most prompt rows in a step
 * @param prefillNanos most time for the prompt rows of a step while other sequences stream
 * @param outboxTokens number of unacknowledged tokens at which a sequence is paused
 * @param reservedTokens number of answer tokens for which a sequence reserves blocks; later tokens take unreserved
 *     blocks or preempt another sequence
 * @param keptRows most rows of embeddings that all sequences together keep of images whose rows are computed
 */
public record SchedulerLimits(
        int maxRunning,
        int maxWaiting,
        int prefillRows,
        long prefillNanos,
        int outboxTokens,
        int reservedTokens,
        int keptRows) {

    public SchedulerLimits {
        if (maxRunning < 1
                || maxWaiting < 0
                || prefillRows < 1
                || prefillNanos < 1
                || outboxTokens < 1
                || reservedTokens < 1
                || keptRows < 0) {
            throw new IllegalArgumentException("limits must be positive: maxRunning " + maxRunning + ", maxWaiting "
                    + maxWaiting + ", prefillRows " + prefillRows + ", prefillNanos " + prefillNanos + ", outboxTokens "
                    + outboxTokens + ", reservedTokens " + reservedTokens + ", keptRows " + keptRows);
        }
    }

    /** These limits with that many rows kept. */
    public SchedulerLimits keeping(int rows) {
        return new SchedulerLimits(
                maxRunning, maxWaiting, prefillRows, prefillNanos, outboxTokens, reservedTokens, rows);
    }
}

package org.llavacluster.decoder.scheduler;

/**
 * Bounds of the scheduler.
 *
 * @param maxRunning sequences that hold KV blocks
 * @param maxWaiting sequences in the queue; more are refused
 * @param prefillRows prompt rows of one step
 * @param prefillNanos time that the prompt rows of a step may take while other sequences stream
 * @param outboxTokens tokens of one sequence that its reader has not taken; at that many it is paused
 * @param reservedTokens for how many tokens of its answer a sequence reserves blocks; beyond them it takes what is left, or
 *     preempts the newest
 */
public record Limits(
        int maxRunning, int maxWaiting, int prefillRows, long prefillNanos, int outboxTokens, int reservedTokens) {

    public Limits {
        if (maxRunning < 1
                || maxWaiting < 0
                || prefillRows < 1
                || prefillNanos < 1
                || outboxTokens < 1
                || reservedTokens < 1) {
            throw new IllegalArgumentException("limits must be positive: maxRunning " + maxRunning + ", maxWaiting "
                    + maxWaiting + ", prefillRows " + prefillRows + ", prefillNanos " + prefillNanos + ", outboxTokens "
                    + outboxTokens + ", reservedTokens " + reservedTokens);
        }
    }
}

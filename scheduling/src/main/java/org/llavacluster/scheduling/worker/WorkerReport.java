package org.llavacluster.scheduling.worker;

import java.util.Objects;

/**
 * What a worker reports about itself.
 *
 * @param epoch differs for each start of its process
 * @param identity revision and numerics id: workers of a role with equal ones produce the same bits
 * @param slots requests (decoder) that it computes beside each other
 * @param running requests or images at work
 * @param waiting requests or images that wait
 * @param queuedWork work accepted and not done: tiles, rows, or for a decoder rows of prompts
 * @param ratePerSecond measured: tiles, rows, or rows of prompts per second; 0 while unknown
 * @param tokensPerSecond measured: tokens per second of one answer, of a decoder; 0 while unknown, and for other roles
 * @param kvTokens tokens that a decoder's KV cache holds in all; 0 for the other roles
 */
public record WorkerReport(
        String id,
        WorkerRole role,
        long epoch,
        String identity,
        boolean draining,
        int slots,
        int running,
        int waiting,
        long queuedWork,
        double ratePerSecond,
        double tokensPerSecond,
        long kvTokens) {

    public WorkerReport {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(identity, "identity");
        if (slots < 1
                || running < 0
                || waiting < 0
                || queuedWork < 0
                || kvTokens < 0
                || !(ratePerSecond >= 0)
                || !(tokensPerSecond >= 0)) {
            throw new IllegalArgumentException("a report of worker " + id + " with slots " + slots + ", running "
                    + running
                    + ", waiting " + waiting + ", work " + queuedWork + ", rate " + ratePerSecond
                    + ", tokens per second "
                    + tokensPerSecond + ", KV tokens " + kvTokens);
        }
    }
}

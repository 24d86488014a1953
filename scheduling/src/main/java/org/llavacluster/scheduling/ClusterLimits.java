package org.llavacluster.scheduling;

import org.llavacluster.scheduling.image.BatchRules;
import org.llavacluster.scheduling.worker.HealthRules;

/**
 * Bounds of the scheduler.
 *
 * @param maxWaiting requests that wait for vision nodes, and as many that wait for decoders
 * @param maxRunning requests at decoders, further choices not counted
 * @param maxBypass later arrivals of its tenant that may go before a request
 * @param decoderQueue requests that a decoder is given beyond its slots
 * @param promptNanos prompts that a decoder is given at once, in the time that they take; one in any case
 * @param visionNanos work that a vision node is given at once, in the time that it takes; an image in any case
 * @param reservedTokens of its answer, for which a request's place in a KV cache counts
 * @param maxEncodes how often one image of one request is encoded
 * @param maxFailures calls at which decoders failed, after which a request is given up
 * @param maxAttempts calls that ended early for other reasons, after which a request is given up; calls that a draining
 *     decoder hands over do not count
 * @param maxLosses decoders that died, one after the other, while they had a request, after which it is given up
 * @param innocentNanos an attempt of that length clears a request of the deaths before
 * @param settleNanos longest time until it is known whether a broken connection was a death
 * @param retryShare retries per first attempt
 * @param retryReserve retries beyond that share
 * @param quarantineNanos how long a request that killed workers is refused
 * @param rememberedFeatures images whose place is remembered
 * @param rememberedPrefixes beginnings of prompts whose place is remembered
 */
public record ClusterLimits(
        int maxWaiting,
        int maxRunning,
        int maxBypass,
        int decoderQueue,
        long promptNanos,
        long visionNanos,
        int reservedTokens,
        int maxEncodes,
        int maxFailures,
        int maxAttempts,
        int maxLosses,
        long innocentNanos,
        long settleNanos,
        double retryShare,
        int retryReserve,
        long quarantineNanos,
        int rememberedFeatures,
        int rememberedPrefixes,
        BatchRules batches,
        HealthRules health) {

    public static final ClusterLimits DEFAULT = new ClusterLimits(
            1_000,
            10_000,
            100,
            0,
            100_000_000L,
            250_000_000L,
            256,
            3,
            3,
            9,
            2,
            10_000_000_000L,
            1_000_000_000L,
            0.2,
            10,
            600_000_000_000L,
            100_000,
            200_000,
            BatchRules.DEFAULT,
            HealthRules.DEFAULT);

    public ClusterLimits {
        if (maxWaiting < 1
                || maxRunning < 1
                || promptNanos < 1
                || visionNanos < 1
                || reservedTokens < 1
                || maxEncodes < 1
                || maxFailures < 1
                || maxAttempts < 1
                || maxLosses < 1) {
            throw new IllegalArgumentException("limits must be positive: maxWaiting " + maxWaiting + ", maxRunning "
                    + maxRunning + ", promptNanos " + promptNanos + ", visionNanos " + visionNanos + ", reservedTokens "
                    + reservedTokens
                    + ", maxEncodes " + maxEncodes + ", maxFailures " + maxFailures + ", maxAttempts " + maxAttempts
                    + ", maxLosses " + maxLosses);
        }
    }
}

package org.llavacluster.autoscaling;

/**
 * How many workers a load asks for.
 *
 * @param busyShare share of a worker that may be busy on average, so that random arrivals rarely wait
 * @param keepShare a pool shrinks only to a size that would be busy for less than this part of the busy share, so that
 *     it does not grow again at once
 * @param queueSeconds time in which additional workers shall do what is queued
 * @param memoryNanos over which the busy share of workers is averaged: a batch keeps a worker busy for moments only
 * @param assumedRate of a worker while none has been measured, in the role's unit per second
 */
public record DemandRules(
        double busyShare, double keepShare, double queueSeconds, long memoryNanos, double assumedRate) {

    public DemandRules {
        if (!(busyShare > 0
                && busyShare <= 1
                && keepShare > 0
                && keepShare <= 1
                && queueSeconds > 0
                && memoryNanos > 0
                && assumedRate > 0)) {
            throw new IllegalArgumentException(
                    "demand rules with busyShare " + busyShare + ", keepShare " + keepShare + ", queueSeconds "
                            + queueSeconds + ", memoryNanos " + memoryNanos + ", assumedRate " + assumedRate);
        }
    }

    /**
     * The rules for a role.
     *
     * @param queueSeconds time in which additional workers shall do what is queued
     */
    public static DemandRules of(ScaledRole role, double queueSeconds) {
        double assumedRate =
                switch (role) {
                    case VISION -> 2; // tiles: a CLIP of 336 pixels on a few cores
                    case PROJECTOR -> 5_000; // rows
                    case DECODER -> 1; // requests
                };
        return new DemandRules(0.8, 0.85, queueSeconds, 60_000_000_000L, assumedRate);
    }
}

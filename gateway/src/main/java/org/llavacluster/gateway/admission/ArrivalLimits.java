package org.llavacluster.gateway.admission;

import java.time.Duration;

/**
 * Limits of bodies and uploads that are not complete yet.
 *
 * @param atOnce number received at once
 * @param atOnceOfPeer number received at once from one peer
 * @param minRate lowest average bytes per second over each {@link #WINDOW}
 * @param maxTime longest time from the first byte to the last
 */
public record ArrivalLimits(int atOnce, int atOnceOfPeer, int minRate, Duration maxTime) {

    /** Long enough for an unsteady connection, short enough that a silent client does not hold much for long. */
    public static final Duration WINDOW = Duration.ofSeconds(10);

    public ArrivalLimits {
        if (atOnce < 1 || atOnceOfPeer < 1 || atOnceOfPeer > atOnce || minRate < 1 || !maxTime.isPositive()) {
            throw new IllegalArgumentException("arrivals: " + atOnce + " at once, " + atOnceOfPeer + " of a peer, "
                    + minRate + " bytes/s, " + maxTime);
        }
    }
}

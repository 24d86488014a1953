package org.llavacluster.gateway.admission;

import java.time.Duration;

/**
 * What holds for bodies and uploads that are not whole yet.
 *
 * @param atOnce being received at once
 * @param atOnceOfPeer of those, from one peer
 * @param minRate bytes in a second, on average over each {@link #WINDOW}
 * @param maxTime from the first byte to the last
 */
public record ArrivalLimits(int atOnce, int atOnceOfPeer, int minRate, Duration maxTime) {

    /** Long enough for a line that stutters, short enough that a silent client does not hold much for long. */
    public static final Duration WINDOW = Duration.ofSeconds(10);

    public ArrivalLimits {
        if (atOnce < 1 || atOnceOfPeer < 1 || atOnceOfPeer > atOnce || minRate < 1 || !maxTime.isPositive()) {
            throw new IllegalArgumentException("arrivals: " + atOnce + " at once, " + atOnceOfPeer + " of a peer, "
                    + minRate + " bytes/s, " + maxTime);
        }
    }
}

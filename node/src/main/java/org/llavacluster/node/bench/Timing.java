package org.llavacluster.node.bench;

import java.util.Arrays;

/**
 * How long the same transfer took each time.
 *
 * @param bytes of one transfer
 * @param nanos one per round, ascending
 */
public record Timing(long bytes, long[] nanos) {

    public Timing {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    /** The smallest time that at least that share of the rounds did not exceed. */
    public long percentileNanos(double share) {
        return nanos[Math.clamp((int) Math.ceil(share * nanos.length) - 1, 0, nanos.length - 1)];
    }

    /** At the median, in 10^9 bytes. */
    public double gigabytesPerSecond() {
        return (double) bytes / percentileNanos(0.5);
    }
}

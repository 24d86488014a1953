package org.llavacluster.node.bench;

import java.util.Arrays;

/**
 * The times of repeated transfers.
 *
 * @param bytes bytes of one transfer
 * @param nanos nanoseconds per round, ascending
 */
public record TransferTimes(long bytes, long[] nanos) {

    public TransferTimes {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    /** The smallest time that was not exceeded in that share of the rounds. */
    public long percentileNanos(double share) {
        return nanos[Math.clamp((int) Math.ceil(share * nanos.length) - 1, 0, nanos.length - 1)];
    }

    /** Throughput at the median in 10^9 bytes per second. */
    public double gigabytesPerSecond() {
        return (double) bytes / percentileNanos(0.5);
    }
}

package org.llavacluster.worker.serve;

/** How fast a worker has recently worked, in units per second. Idle time does not count. Thread-safe. */
public final class WorkRate {

    /** Weight of a piece of work relative to the next one; the last five make two thirds of the rate. */
    private static final double DECAY = 0.8;

    private static final double NANOS_PER_SECOND = 1e9;

    private double units;
    private double nanos;

    /**
     * @param done number of tiles, rows or tokens
     * @param tookNanos time they took
     */
    public synchronized void add(long done, long tookNanos) {
        units = units * DECAY + done;
        nanos = nanos * DECAY + Math.max(1, tookNanos);
    }

    /** Units per second; 0 before the first work. */
    public synchronized double perSecond() {
        return nanos == 0 ? 0 : units / nanos * NANOS_PER_SECOND;
    }
}

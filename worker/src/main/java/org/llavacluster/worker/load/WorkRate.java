package org.llavacluster.worker.load;

/** How fast a worker has been at work lately: idle time does not count. Safe for use by several threads. */
public final class WorkRate {

    /** What a piece of work still counts after the next one: the last five make two thirds of the rate. */
    private static final double DECAY = 0.8;

    private static final double NANOS_PER_SECOND = 1e9;

    private double units;
    private double nanos;

    /** @param done tiles, rows or tokens that took that time */
    public synchronized void add(long done, long tookNanos) {
        units = units * DECAY + done;
        nanos = nanos * DECAY + Math.max(1, tookNanos);
    }

    /** 0 until there was any work. */
    public synchronized double perSecond() {
        return nanos == 0 ? 0 : units / nanos * NANOS_PER_SECOND;
    }
}

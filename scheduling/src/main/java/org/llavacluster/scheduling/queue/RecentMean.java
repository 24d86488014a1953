package org.llavacluster.scheduling.queue;

/** A mean in which the newest value counts a tenth. One that is old is not used: what was slow then may be fast now. */
public final class RecentMean {

    private static final double NEWEST = 0.1;

    private final double unknown;
    private final long memoryNanos;
    private double mean;
    private long newestNanos;
    private boolean known;

    /** @param unknown what is assumed where no value came within the memory */
    public RecentMean(double unknown, long memoryNanos) {
        this.unknown = unknown;
        this.memoryNanos = memoryNanos;
    }

    public void add(long nowNanos, double value) {
        mean = isKnown(nowNanos) ? mean + NEWEST * (value - mean) : value;
        known = true;
        newestNanos = nowNanos;
    }

    public double get(long nowNanos) {
        return isKnown(nowNanos) ? mean : unknown;
    }

    private boolean isKnown(long nowNanos) {
        return known && nowNanos - newestNanos < memoryNanos;
    }
}

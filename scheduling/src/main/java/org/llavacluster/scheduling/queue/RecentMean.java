package org.llavacluster.scheduling.queue;

/**
 * A mean of recent values: of all while they are few, later one in which the newest counts a tenth. Few values prove
 * nothing, and old ones are not used: what was slow then may be fast now.
 */
public final class RecentMean {

    private static final double NEWEST = 0.1;

    private final long memoryNanos;
    private final int leastValues;
    private double mean;
    private long newestNanos;
    private int values;

    /**
     * @param memoryNanos after so long without a value nothing is known any more
     * @param leastValues with fewer the mean is not known yet
     */
    public RecentMean(long memoryNanos, int leastValues) {
        if (memoryNanos < 1 || leastValues < 1) {
            throw new IllegalArgumentException("a mean of " + leastValues + " values within " + memoryNanos + " ns");
        }
        this.memoryNanos = memoryNanos;
        this.leastValues = leastValues;
    }

    public void add(long nowNanos, double value) {
        values = isForgotten(nowNanos) ? 1 : Math.min(values + 1, leastValues + (int) (1 / NEWEST));
        mean = values == 1 ? value : mean + Math.max(NEWEST, 1.0 / values) * (value - mean);
        newestNanos = nowNanos;
    }

    /** @param unknown what is returned while the mean is not known */
    public double get(long nowNanos, double unknown) {
        return values < leastValues || isForgotten(nowNanos) ? unknown : mean;
    }

    private boolean isForgotten(long nowNanos) {
        return values == 0 || nowNanos - newestNanos >= memoryNanos;
    }
}

package org.llavacluster.scheduling.queue;

/** A mean in which the newest value counts a tenth. */
public final class RecentMean {

    private static final double NEWEST = 0.1;

    private final double before;
    private double mean;
    private boolean known;

    /** @param before what is assumed while there was no value */
    public RecentMean(double before) {
        this.before = before;
    }

    public void add(double value) {
        mean = known ? mean + NEWEST * (value - mean) : value;
        known = true;
    }

    public double get() {
        return known ? mean : before;
    }
}

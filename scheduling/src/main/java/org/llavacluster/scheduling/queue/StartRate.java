package org.llavacluster.scheduling.queue;

/**
 * How fast a queue is served: cost started per nanosecond, over the times when something waited, the last seconds
 * counting most.
 */
public final class StartRate {

    private final double memoryNanos;
    private double cost;
    private double nanos;
    private long lastNanos;
    private boolean waited;

    /** @param memoryNanos after so long a start counts 1/e of a new one */
    public StartRate(double memoryNanos) {
        this.memoryNanos = memoryNanos;
    }

    /** A request started; others may wait. */
    public void started(long nowNanos, double startedCost) {
        advance(nowNanos);
        cost += startedCost;
    }

    /** The queue is empty or not, from now on. */
    public void waiting(long nowNanos, boolean nowWaiting) {
        advance(nowNanos);
        waited = nowWaiting;
    }

    private void advance(long nowNanos) {
        if (waited) {
            double passed = nowNanos - lastNanos;
            double kept = Math.exp(-passed / memoryNanos);
            cost *= kept;
            nanos = nanos * kept + passed;
        }
        lastNanos = nowNanos;
    }

    /** Time in which that cost starts; 0 while nothing is known. */
    public double nanosFor(double waitingCost) {
        // A few starts prove nothing.
        return nanos < memoryNanos / 16 || cost <= 0 ? 0 : waitingCost * nanos / cost;
    }
}

package org.llavacluster.node.metrics;

/** The moment at which nothing waited for a piece of work any more, if it has come. Thread-safe. */
public final class Departure {

    /** Nanoseconds of the process's clock; null before. */
    private volatile Long nanos;

    /** Nothing waits for the work any more. Only the first call counts. */
    public synchronized void at(long nowNanos) {
        if (nanos == null) {
            nanos = nowNanos;
        }
    }

    /** How many nanoseconds of {@code [fromNanos, toNanos]} come after this moment. */
    public long within(long fromNanos, long toNanos) {
        Long at = nanos;
        return at == null ? 0 : within(at, fromNanos, toNanos);
    }

    /** How many nanoseconds of {@code [fromNanos, toNanos]} come after {@code atNanos}. */
    public static long within(long atNanos, long fromNanos, long toNanos) {
        return Math.max(0, Math.min(toNanos - atNanos, toNanos - fromNanos));
    }
}

package org.llavacluster.cli.endpoint;

/** Spaces requests evenly, so that a limit per minute holds in every minute. Pure: time is an argument. Thread-safe. */
final class RequestPace {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final long spacingNanos;
    private long next;
    private boolean started;

    /**
     * @param perMinute at least 1
     */
    RequestPace(int perMinute) {
        this.spacingNanos = MINUTE_NANOS / perMinute;
    }

    /** Takes the next place: the time from which its request may start, now or later. */
    synchronized long start(long nowNanos) {
        long start = !started || next - nowNanos < 0 ? nowNanos : next;
        started = true;
        next = start + spacingNanos;
        return start;
    }
}

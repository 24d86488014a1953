package org.llavacluster.scheduling;

/** How long a worker that has just failed a request is left alone by it: longer with each failure. */
final class CallPause {

    private static final long FIRST_NANOS = 100_000_000L;
    private static final long LONGEST_NANOS = 1_000_000_000L;

    private CallPause() {}

    /** @param failures so far, at least 1 */
    static long nanos(int failures) {
        return Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(failures - 1, 10));
    }
}

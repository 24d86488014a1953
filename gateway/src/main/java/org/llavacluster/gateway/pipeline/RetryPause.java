package org.llavacluster.gateway.pipeline;

import java.time.Duration;

/** How long a request pauses before it tries again at a node that failed or was full: at most one second. */
final class RetryPause {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private RetryPause() {}

    /**
     * 100 ms after the first failure, and twice the previous pause after each further one.
     *
     * @param failures so far, at least 1
     */
    static Duration after(int failures) {
        return bounded(FIRST.multipliedBy(1L << Math.min(10, failures - 1)));
    }

    /** The pause that a node asked for, within the bound. */
    static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    }
}

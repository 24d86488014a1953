package org.llavacluster.decoder.service;

import java.time.Duration;
import org.llavacluster.node.time.Clock;

/**
 * Repeats a computation until it gets no faster. The JVM compiles a kernel in the background while it runs slowly, for
 * seconds on a large model, so that a single run leaves the rest of the wait to the first requests.
 */
final class WarmUpRuns {

    /** Runs in a row that are no faster than the fastest before them. */
    private static final int SETTLED = 2;

    /** Part of the fastest run's time that a run must take less than to count as faster. */
    private static final double FASTER = 0.9;

    private static final int MOST_RUNS = 20;

    /** Begins no further run after that time. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private WarmUpRuns() {}

    /** Returns the number of runs. */
    static int of(Runnable computation, Clock clock) {
        long start = clock.nanoTime();
        double fastest = Double.POSITIVE_INFINITY;
        int slower = 0;
        int runs = 0;
        while (slower < SETTLED && runs < MOST_RUNS && clock.nanoTime() - start < LONGEST.toNanos()) {
            long before = clock.nanoTime();
            computation.run();
            double nanos = clock.nanoTime() - before;
            runs++;
            slower = nanos < FASTER * fastest ? 0 : slower + 1;
            fastest = Math.min(fastest, nanos);
        }
        return runs;
    }
}

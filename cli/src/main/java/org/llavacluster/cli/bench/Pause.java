package org.llavacluster.cli.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.llavacluster.node.time.Clock;

/** Waits for a time to come, which no event announces: the next request's turn, the next look of a slow reader. */
public final class Pause {

    private Pause() {}

    /** Returns early if the thread is interrupted. */
    public static void until(long nanoTime, Clock clock) {
        for (long left = nanoTime - clock.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = nanoTime - clock.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    public static void of(Duration time, Clock clock) {
        until(clock.nanoTime() + time.toNanos(), clock);
    }
}

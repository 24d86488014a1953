package org.llavacluster.node.watch;

import java.time.Duration;

/**
 * Whether a peer has been silent for too long. Time in which this process itself was frozen does not count: its own
 * checks are then delayed as well. Takes the time as an argument.
 */
final class Silence {

    /** Between two checks, on a machine that is not overloaded. */
    static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** A look that comes later than that shows a standstill. */
    private static final Duration STANDSTILL = Duration.ofMillis(500);

    private final long limitNanos;
    private long heardNanos;
    private long lookedNanos;

    Silence(Duration limit, long nowNanos) {
        this.limitNanos = limit.toNanos();
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** Called every {@link #LOOK_EVERY}. */
    boolean tooLong(long nowNanos) {
        long gap = nowNanos - lookedNanos;
        lookedNanos = nowNanos;
        if (gap > STANDSTILL.toNanos()) {
            heardNanos = Math.min(nowNanos, heardNanos + gap - LOOK_EVERY.toNanos());
        }
        return nowNanos - heardNanos >= limitNanos;
    }
}

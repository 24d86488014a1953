package org.llavacluster.node.time;

import java.time.Duration;

/** A clock that a test sets. */
public final class SettableClock implements Clock {

    private long nanos = 1_000_000_000L;

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized long epochMillis() {
        return nanos / 1_000_000;
    }

    public synchronized void advance(Duration by) {
        nanos += by.toNanos();
    }
}

package org.llavacluster.gateway.fake;

import java.time.Duration;
import org.llavacluster.node.time.Clock;

/** A clock that a test sets. */
public final class TestClock implements Clock {

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

package org.llavacluster.node.transport;

import java.time.Duration;
import java.util.OptionalLong;

/** Allows one line per interval and counts those left out in between. Takes the time as an argument. */
public final class LogPace {

    private final long intervalNanos;
    private boolean first = true;
    private long lastAt;
    private long leftOut;

    public LogPace(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Number of lines left out before this one if it may be logged; empty if it is left out too. */
    public synchronized OptionalLong next(long now) {
        if (!first && now - lastAt < intervalNanos) {
            leftOut++;
            return OptionalLong.empty();
        }
        first = false;
        lastAt = now;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}

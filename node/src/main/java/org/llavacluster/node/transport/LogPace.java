package org.llavacluster.node.transport;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Lets one line through per interval, with the number of those left out since the last. Takes the time as an argument.
 */
final class LogPace {

    private final long intervalNanos;
    private boolean first = true;
    private long lastAt;
    private long leftOut;

    LogPace(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** How many lines were left out before this one, which may be written; empty if it is left out too. */
    synchronized OptionalLong next(long now) {
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

package org.llavacluster.node.metrics;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * Upper bounds of the buckets of all latency histograms. They are shared so that figures of different stages can be
 * compared.
 */
public final class LatencyBuckets {

    /** From one decode step of a tiny model to the longest request. */
    private static final Duration[] ALL = {
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(10),
        Duration.ofMillis(30),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(100)
    };

    private LatencyBuckets() {}

    /** All bounds, from 1 ms to 100 s. */
    public static Duration[] all() {
        return ALL.clone();
    }

    /** The bounds in {@code [least, most]}. */
    public static Duration[] between(Duration least, Duration most) {
        return Stream.of(ALL)
                .filter(bound -> bound.compareTo(least) >= 0 && bound.compareTo(most) <= 0)
                .toArray(Duration[]::new);
    }
}

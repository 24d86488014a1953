package org.llavacluster.node.config;

import java.time.Duration;

/**
 * A limit that no property changes.
 *
 * @param name what it limits, as {@code docs/limits.md} names it
 * @param value largest accepted value
 * @param unit unit of the value
 */
public record FixedLimit(String name, long value, Unit unit, LimitNote note) {

    /** What {@link #value} counts. */
    public enum Unit {
        COUNT,
        BYTES,
        SECONDS
    }

    public int intValue() {
        return Math.toIntExact(value);
    }

    /** The value of a limit in seconds. */
    public Duration duration() {
        if (unit != Unit.SECONDS) {
            throw new IllegalStateException(name + " is not a time");
        }
        return Duration.ofSeconds(value);
    }

    /** The value as in the documentation, such as {@code 8 KiB} or {@code 30 s}. */
    public String written() {
        return switch (unit) {
            case COUNT -> Long.toString(value);
            case BYTES -> ByteSizes.written(value);
            case SECONDS -> value + " s";
        };
    }
}

package org.llavacluster.node.config;

import java.util.function.LongConsumer;

/**
 * Checks the promise of a limit: values up to the limit are accepted and the next one is refused. A test passes two
 * assertions, one for values within the limit and one for the value beyond it: {@code AtLimit.of(64).accepted(n ->
 * ...).refused(n -> ...)}.
 */
public final class AtLimit {

    private final long limit;

    private AtLimit(long limit) {
        this.limit = limit;
    }

    public static AtLimit of(long limit) {
        return new AtLimit(limit);
    }

    public static AtLimit of(FixedLimit limit) {
        return new AtLimit(limit.value());
    }

    /** The limit is the property's default. */
    public static AtLimit of(Property<Long> property) {
        return new AtLimit(property.constantDefault());
    }

    /** Calls the assertion with the value below the limit and with the limit. */
    public AtLimit accepted(LongConsumer assertion) {
        attempt(limit - 1, assertion);
        attempt(limit, assertion);
        return this;
    }

    /** Calls the assertion with the value above the limit. */
    public AtLimit refused(LongConsumer assertion) {
        attempt(limit + 1, assertion);
        return this;
    }

    private void attempt(long value, LongConsumer assertion) {
        try {
            assertion.accept(value);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("with " + value + ", where the limit is " + limit + ": " + e.getMessage(), e);
        }
    }
}

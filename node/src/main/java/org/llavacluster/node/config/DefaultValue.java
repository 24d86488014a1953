package org.llavacluster.node.config;

/**
 * The value of a property that is not set.
 *
 * @param <T> type of the property's value
 */
sealed interface DefaultValue<T> {

    record Constant<T>(T value) implements DefaultValue<T> {}

    /** The process computes it: {@link Settings#find} reads such a property. */
    record Computed<T>(String description) implements DefaultValue<T> {}

    /** The process does not start without a value. */
    record Required<T>() implements DefaultValue<T> {}
}

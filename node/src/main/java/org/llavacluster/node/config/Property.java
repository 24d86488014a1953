package org.llavacluster.node.config;

import java.util.Optional;

/**
 * One property of the processes, declared with a {@link PropertyGroup}. Processes can read declared properties only.
 *
 * @param <T> type of its value
 */
public final class Property<T> {

    private final String name;
    private final ValueType<T> type;
    private final DefaultValue<T> defaultValue;
    private final String meaning;
    private final Optional<LimitNote> limit;
    private final boolean secret;

    Property(
            String name,
            ValueType<T> type,
            DefaultValue<T> defaultValue,
            String meaning,
            Optional<LimitNote> limit,
            boolean secret) {
        if (!name.startsWith("llava.") || meaning.isBlank()) {
            throw new IllegalArgumentException("a property has a name that starts with llava. and a meaning: " + name);
        }
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
        this.limit = limit;
        this.secret = secret;
    }

    public String name() {
        return name;
    }

    ValueType<T> type() {
        return type;
    }

    DefaultValue<T> defaultValue() {
        return defaultValue;
    }

    /** The value of an unset property with a constant default. */
    public T constantDefault() {
        if (defaultValue instanceof DefaultValue.Constant<T>(T value)) {
            return value;
        }
        throw new IllegalStateException(name + " has no constant default");
    }

    /** A sentence for the documentation. */
    String meaning() {
        return meaning;
    }

    /** Present if the property is a limit that callers can exceed. */
    Optional<LimitNote> limit() {
        return limit;
    }

    /** Whether messages must not show its value. */
    boolean secret() {
        return secret;
    }

    @Override
    public String toString() {
        return name;
    }
}

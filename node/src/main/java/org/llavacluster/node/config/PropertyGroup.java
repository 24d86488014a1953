package org.llavacluster.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Properties read by the same processes. {@link Draft#meaning} completes a declaration and adds it to the group. */
public final class PropertyGroup {

    private final String title;
    private final List<Property<?>> properties = new ArrayList<>();

    /**
     * @param title title of its section in the documentation
     */
    PropertyGroup(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    List<Property<?>> properties() {
        return Collections.unmodifiableList(properties);
    }

    Draft<String> text(String name) {
        return new Draft<>(name, new ValueType.Text("be a text", "", Pattern.compile(".*", Pattern.DOTALL)));
    }

    /**
     * @param rule what the whole text must match, completing "must "
     */
    Draft<String> text(String name, Pattern whole, String rule, String bounds) {
        return new Draft<>(name, new ValueType.Text(rule, bounds, whole));
    }

    /**
     * @param target what the path names, such as {@code the folder of a model}
     */
    Draft<Path> path(String name, String target) {
        return new Draft<>(name, new ValueType.PathName(target));
    }

    Draft<Boolean> flag(String name) {
        return new Draft<>(name, new ValueType.Flag());
    }

    Draft<Long> wholeNumber(String name, long min, long max) {
        return new Draft<>(name, new ValueType.WholeNumber(min, max, FixedLimit.Unit.COUNT));
    }

    Draft<Long> bytes(String name, long min, long max) {
        return new Draft<>(name, new ValueType.WholeNumber(min, max, FixedLimit.Unit.BYTES));
    }

    Draft<Duration> time(String name, Duration min, Duration max) {
        return new Draft<>(name, new ValueType.TimeSpan(min, max));
    }

    /** The constants of an enum in lower case; {@link Settings#choice} checks that they are the same. */
    Draft<String> choice(String name, String... values) {
        return new Draft<>(name, new ValueType.Choice(List.of(values)));
    }

    /** A property being declared. */
    final class Draft<T> {

        private final String name;
        private final ValueType<T> type;
        private DefaultValue<T> defaultValue = new DefaultValue.Computed<>("none");
        private Optional<LimitNote> limit = Optional.empty();
        private boolean secret;

        private Draft(String name, ValueType<T> type) {
            this.name = name;
            this.type = type;
        }

        /** Sets a constant default. */
        Draft<T> otherwise(T value) {
            defaultValue = new DefaultValue.Constant<>(value);
            return this;
        }

        /** Describes a default that the process computes. */
        Draft<T> otherwiseComputed(String description) {
            defaultValue = new DefaultValue.Computed<>(description);
            return this;
        }

        /** Hides the value in messages. */
        Draft<T> secret() {
            secret = true;
            return this;
        }

        Draft<T> required() {
            defaultValue = new DefaultValue.Required<>();
            return this;
        }

        /**
         * Marks a limit that callers can exceed, which {@code docs/limits.md} lists too.
         *
         * @param seen what the caller sees beyond the limit
         */
        Draft<T> limit(String why, String seen) {
            limit = Optional.of(new LimitNote(why, seen));
            return this;
        }

        /** Completes the declaration with a sentence for the documentation. */
        Property<T> meaning(String meaning) {
            Property<T> property = new Property<>(name, type, defaultValue, meaning, limit, secret);
            properties.add(property);
            return property;
        }
    }
}

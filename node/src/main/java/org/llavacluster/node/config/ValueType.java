package org.llavacluster.node.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The values that a property accepts. {@link #parse} is empty for any other text; {@link #rule} then completes the
 * message "NAME must ...".
 *
 * @param <T> type of the value
 */
sealed interface ValueType<T> {

    Optional<T> parse(String text);

    String rule();

    /** One word for the type, for the documentation. */
    String word();

    /** The accepted values for the documentation; empty if any. */
    String bounds();

    /** A value as users write it. */
    default String written(T value) {
        return value.toString();
    }

    /**
     * @param whole pattern for the whole text
     */
    record Text(String rule, String bounds, Pattern whole) implements ValueType<String> {

        @Override
        public Optional<String> parse(String text) {
            return whole.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String word() {
            return "text";
        }
    }

    /**
     * @param target what the path names, such as {@code the folder of a model}
     */
    record PathName(String target) implements ValueType<Path> {

        @Override
        public Optional<Path> parse(String text) {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }

        @Override
        public String rule() {
            return "name " + target;
        }

        @Override
        public String word() {
            return "path";
        }

        @Override
        public String bounds() {
            return "";
        }
    }

    record Flag() implements ValueType<Boolean> {

        @Override
        public Optional<Boolean> parse(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public String rule() {
            return "be true or false";
        }

        @Override
        public String word() {
            return "flag";
        }

        @Override
        public String bounds() {
            return "`true`, `false`";
        }
    }

    /** A number in {@code [min, max]}; {@code unit} is {@code COUNT} or {@code BYTES}. */
    record WholeNumber(long min, long max, FixedLimit.Unit unit) implements ValueType<Long> {

        @Override
        public Optional<Long> parse(String text) {
            try {
                long value = Long.parseLong(text);
                return value < min || value > max ? Optional.empty() : Optional.of(value);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public String rule() {
            return "be a whole number from " + min + " to " + max;
        }

        @Override
        public String word() {
            return unit == FixedLimit.Unit.BYTES ? "bytes" : "whole number";
        }

        @Override
        public String bounds() {
            return sized(min) + " to " + sized(max);
        }

        @Override
        public String written(Long value) {
            String inUnits = sized(value);
            return inUnits.equals(value.toString()) ? inUnits : value + " (" + inUnits + ")";
        }

        private String sized(long value) {
            return unit == FixedLimit.Unit.BYTES ? ByteSizes.written(value) : Long.toString(value);
        }
    }

    /** {@code 30} (seconds), {@code 30s}, {@code 5m} or ISO 8601, in {@code [min, max]}. */
    record TimeSpan(Duration min, Duration max) implements ValueType<Duration> {

        @Override
        public Optional<Duration> parse(String text) {
            try {
                Duration duration = duration(text.toUpperCase(Locale.ROOT));
                return duration.compareTo(min) < 0 || duration.compareTo(max) > 0
                        ? Optional.empty()
                        : Optional.of(duration);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        private static Duration duration(String upper) {
            if (upper.startsWith("P")) {
                return Duration.parse(upper);
            }
            boolean bare = Character.isDigit(upper.charAt(upper.length() - 1));
            return Duration.parse("PT" + upper + (bare ? "S" : ""));
        }

        @Override
        public String rule() {
            return "be a time such as 30s, from " + min.toMillis() + " ms to " + max.toSeconds() + " s";
        }

        @Override
        public String word() {
            return "time";
        }

        @Override
        public String bounds() {
            return written(min) + " to " + written(max);
        }

        @Override
        public String written(Duration value) {
            return value.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param values in lower case
     */
    record Choice(List<String> values) implements ValueType<String> {

        public Choice {
            values = List.copyOf(values);
        }

        @Override
        public Optional<String> parse(String text) {
            return Optional.of(text.toLowerCase(Locale.ROOT)).filter(values::contains);
        }

        @Override
        public String rule() {
            return "be one of " + String.join(", ", values);
        }

        @Override
        public String word() {
            return "choice";
        }

        @Override
        public String bounds() {
            return "`" + String.join("`, `", values) + "`";
        }
    }
}

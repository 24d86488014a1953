package org.llavacluster.node.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * Reads the properties of a process, typed and bounded: system properties, environment variables and
 * application.properties, as the configuration given has them. Every method throws {@link PropertyException} for a
 * value that cannot be used; a property that is absent or empty takes its default.
 */
public final class Settings {

    private static final int LONGEST_VALUE_SHOWN = 80;

    private final Config config;

    public Settings(Config config) {
        this.config = config;
    }

    public Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    public Optional<Path> path(String name) {
        return text(name).map(value -> {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw unusable(name, "must be a path", value, e);
            }
        });
    }

    public int integer(String name, int fallback, int min, int max) {
        return Math.toIntExact(whole(name, min, max).orElse(fallback));
    }

    /** A whole number in {@code [min, max]}. */
    public OptionalLong whole(String name, long min, long max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        String rule = "must be a whole number from " + min + " to " + max;
        try {
            long value = Long.parseLong(text.get());
            if (value < min || value > max) {
                throw unusable(name, rule, text.get(), null);
            }
            return OptionalLong.of(value);
        } catch (NumberFormatException e) {
            throw unusable(name, rule, text.get(), e);
        }
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name, boolean fallback) {
        return text(name)
                .map(value -> switch (value.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw unusable(name, "must be true or false", value, null);
                })
                .orElse(fallback);
    }

    /** {@code 30} (seconds), {@code 30s}, {@code 5m} or ISO 8601. */
    public Duration duration(String name, Duration fallback, Duration min, Duration max) {
        return text(name)
                .map(value -> {
                    String rule =
                            "must be a time such as 30s, from " + min.toMillis() + " ms to " + max.toSeconds() + " s";
                    try {
                        Duration duration = parse(value);
                        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                            throw unusable(name, rule, value, null);
                        }
                        return duration;
                    } catch (DateTimeParseException e) {
                        throw unusable(name, rule, value, e);
                    }
                })
                .orElse(fallback);
    }

    /** One of the constants of an enum, written in lower case. */
    public <E extends Enum<E>> E choice(String name, E fallback) {
        E[] constants = fallback.getDeclaringClass().getEnumConstants();
        return text(name)
                .map(value -> Arrays.stream(constants)
                        .filter(constant -> written(constant).equals(value.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> unusable(
                                name,
                                "must be one of "
                                        + Arrays.stream(constants)
                                                .map(Settings::written)
                                                .collect(Collectors.joining(", ")),
                                value,
                                null)))
                .orElse(fallback);
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Duration parse(String value) {
        String upper = value.toUpperCase(Locale.ROOT);
        if (upper.startsWith("P")) {
            return Duration.parse(upper);
        }
        boolean bare = Character.isDigit(upper.charAt(upper.length() - 1));
        return Duration.parse("PT" + upper + (bare ? "S" : ""));
    }

    private static PropertyException unusable(String name, String rule, String value, Throwable cause) {
        return new PropertyException(name + " " + rule + ", not '" + shown(value) + "'", cause);
    }

    /** The value on one line of bounded length. */
    private static String shown(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_VALUE_SHOWN ? line : line.substring(0, LONGEST_VALUE_SHOWN) + "...";
    }
}

package org.llavacluster.node.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Reads the properties of a process with types and bounds from the given configuration: system properties, environment
 * variables and application.properties. Every method throws {@link PropertyException} for an unusable value. An absent
 * or empty property has its default.
 */
public final class Settings {

    private static final int LONGEST_VALUE_SHOWN = 80;

    private final Config config;

    public Settings(Config config) {
        this.config = config;
    }

    /** The set value, if any. For properties whose default the process computes. */
    public <T> Optional<T> find(Property<T> property) {
        return config.getOptionalValue(property.name(), String.class)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> property.type().parse(text).orElseThrow(() -> unusable(property, text)));
    }

    /** The set value or the default. */
    public <T> T get(Property<T> property) {
        return find(property).orElseGet(() -> {
            if (property.defaultValue() instanceof DefaultValue.Required<T>) {
                throw unusable(property, "");
            }
            return property.constantDefault();
        });
    }

    /** {@link #get} for a number with the bounds of an int. */
    public int integer(Property<Long> property) {
        return Math.toIntExact(get(property));
    }

    /** One of the constants of an enum, which are the property's values. */
    public <E extends Enum<E>> E choice(Property<String> property, Class<E> constants) {
        return constant(property, get(property), constants);
    }

    /** {@link #choice} for a property whose default the process computes. */
    public <E extends Enum<E>> Optional<E> findChoice(Property<String> property, Class<E> constants) {
        return find(property).map(value -> constant(property, value, constants));
    }

    private static <E extends Enum<E>> E constant(Property<String> property, String value, Class<E> constants) {
        List<String> written = Arrays.stream(constants.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!(property.type() instanceof ValueType.Choice(List<String> values)) || !values.equals(written)) {
            throw new IllegalStateException(property + " is declared with other values than " + written);
        }
        return constants.getEnumConstants()[written.indexOf(value)];
    }

    private static PropertyException unusable(Property<?> property, String value) {
        String given = property.secret() ? "" : ", not '" + shown(value) + "'";
        return new PropertyException(
                property.name() + " must " + property.type().rule() + given);
    }

    /** The value on one line of bounded length. */
    private static String shown(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_VALUE_SHOWN ? line : line.substring(0, LONGEST_VALUE_SHOWN) + "...";
    }
}

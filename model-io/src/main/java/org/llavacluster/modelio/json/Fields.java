package org.llavacluster.modelio.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * A JSON object of a file, read field by field. A value of the wrong type throws a {@link ModelFormatException} that
 * names file and field. {@code null} counts as absent, as in the classes that write these files.
 *
 * @param file name for messages
 * @param path path of the object within the file: empty or ending in a dot
 */
public record Fields(String file, String path, ObjectNode object) {

    /** Far above any dimension of a model; products of two stay within a long. */
    private static final int LARGEST = 1 << 28;

    private static final int SHOWN = 60;

    /** An error in a field of this object. */
    public ModelFormatException error(String field, String problem) {
        return new ModelFormatException(file + ": " + path + oneLine(field) + ": " + oneLine(problem));
    }

    /** A value for messages: numbers and short strings as they are, otherwise the type. */
    public static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "\"" + oneLine(value.textValue()) + "\"";
            case NUMBER, BOOLEAN, NULL -> oneLine(value.asText());
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case BINARY, MISSING -> "nothing";
        };
    }

    /** Text of a file, shortened and cleaned for one line of a message. */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int i = 0; i < text.length() && used < 4 * SHOWN; used++) {
            int c = text.codePointAt(i);
            line.appendCodePoint(Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c);
            i += Character.charCount(c);
        }
        return used == 4 * SHOWN ? line + "..." : line.toString();
    }

    public boolean has(String field) {
        return object.hasNonNull(field);
    }

    /** Whether the key is present, even with the value {@code null}. */
    public boolean hasKey(String field) {
        return object.has(field);
    }

    public Optional<JsonNode> node(String field) {
        return has(field) ? Optional.of(object.get(field)) : Optional.empty();
    }

    public Optional<Fields> fields(String field) {
        return node(field).map(value -> {
            if (!(value instanceof ObjectNode child)) {
                throw mustBe(field, "an object", value);
            }
            return new Fields(file, path + field + ".", child);
        });
    }

    public Optional<String> text(String field) {
        return node(field).map(value -> {
            if (!value.isTextual()) {
                throw mustBe(field, "a string", value);
            }
            return value.textValue();
        });
    }

    public boolean flag(String field, boolean byDefault) {
        return node(field)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw mustBe(field, "true or false", value);
                    }
                    return value.booleanValue();
                })
                .orElse(byDefault);
    }

    public OptionalInt integer(String field) {
        return has(field) ? OptionalInt.of(integer(field, object.get(field))) : OptionalInt.empty();
    }

    /** A count or size of at least 1. */
    public int positive(String field, int byDefault) {
        int value = integer(field).orElse(byDefault);
        if (value < 1 || value > LARGEST) {
            throw error(field, "must be from 1 to " + LARGEST + ", is " + value);
        }
        return value;
    }

    public OptionalDouble number(String field) {
        return has(field) ? OptionalDouble.of(number(field, object.get(field))) : OptionalDouble.empty();
    }

    /** A finite number above zero. */
    public double positiveNumber(String field, double byDefault) {
        double value = number(field).orElse(byDefault);
        if (value <= 0) {
            throw error(field, "must be above 0, is " + value);
        }
        return value;
    }

    /** An integer or a list of integers; empty if absent. */
    public List<Integer> integers(String field) {
        List<Integer> values = new ArrayList<>();
        if (has(field)) {
            JsonNode node = object.get(field);
            if (node.isArray()) {
                node.forEach(item -> values.add(integer(field, item)));
            } else {
                values.add(integer(field, node));
            }
        }
        return values;
    }

    public List<Double> numbers(String field) {
        List<Double> values = new ArrayList<>();
        list(field).forEach(item -> values.add(number(field, item)));
        return values;
    }

    /** The items of a list; none if absent. */
    public List<JsonNode> list(String field) {
        List<JsonNode> items = new ArrayList<>();
        node(field).ifPresent(value -> {
            if (!value.isArray()) {
                throw mustBe(field, "a list", value);
            }
            value.forEach(items::add);
        });
        return items;
    }

    /** The items of a list of objects; none if absent. */
    public List<Fields> objects(String field) {
        List<JsonNode> items = list(field);
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof ObjectNode item)) {
                throw mustBe(field + "[" + i + "]", "an object", items.get(i));
            }
            objects.add(new Fields(file, path + field + "[" + i + "].", item));
        }
        return objects;
    }

    private int integer(String field, JsonNode value) {
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw mustBe(field, "an integer", value);
        }
        return value.intValue();
    }

    private double number(String field, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw mustBe(field, "a finite number", value);
        }
        return value.doubleValue();
    }

    private ModelFormatException mustBe(String field, String what, JsonNode value) {
        return error(field, "must be " + what + ", is " + shown(value));
    }
}

package org.llavacluster.modelio.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Creates the values that templates see. */
public final class JinjaValues {

    private JinjaValues() {}

    /** Text that may contain special tokens. */
    public static Object text(String text) {
        return Rope.of(text);
    }

    /** Text from a user. Results of all operations on it are marked as user text too. */
    public static Object userText(String text) {
        return Rope.user(text);
    }

    public static Object none() {
        return None.NONE;
    }

    public static Object list(List<?> items) {
        return new ListValue(List.copyOf(items));
    }

    public static Object dict(Map<String, ?> entries) {
        DictValue dict = new DictValue();
        entries.forEach((key, value) -> dict.put(Rope.of(key), value));
        return dict;
    }

    /** Numbers without point or exponent are integers of any size. */
    public static Object json(JsonNode node) {
        return json(node, JinjaValues::text);
    }

    /**
     * @param strings converts strings, including keys
     */
    public static Object json(JsonNode node, Function<String, Object> strings) {
        return switch (node.getNodeType()) {
            case STRING -> strings.apply(node.textValue());
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() ? node.bigIntegerValue() : (Object) decimal(node);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                node.forEach(item -> items.add(json(item, strings)));
                yield new ListValue(items);
            }
            case OBJECT -> {
                DictValue dict = new DictValue();
                node.properties()
                        .forEach(entry -> dict.put(strings.apply(entry.getKey()), json(entry.getValue(), strings)));
                yield dict;
            }
            default -> None.NONE;
        };
    }

    private static double decimal(JsonNode node) {
        return node.isBigDecimal() ? ((BigDecimal) node.numberValue()).doubleValue() : node.doubleValue();
    }

    /** The entries of a JSON object as values by name. */
    public static Map<String, Object> context(JsonNode object) {
        Map<String, Object> context = new HashMap<>();
        object.properties().forEach(entry -> context.put(entry.getKey(), json(entry.getValue())));
        return context;
    }
}

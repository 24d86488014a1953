package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The parameter {@code attribute} of filters: a name, an index, or several of them joined by dots. */
final class AttributePath {

    private AttributePath() {}

    /**
     * A function from a value to its part.
     *
     * @param absent replaces an undefined part; {@code None} for no replacement
     */
    static UnaryOperator<Object> getter(Object attribute, Object absent) {
        List<Object> parts = parts(attribute);
        return value -> {
            Object part = value;
            for (Object each : parts) {
                part = Access.item(part, each);
                if (part instanceof Undefined && absent != None.NONE) {
                    part = absent;
                }
            }
            return part;
        };
    }

    /** A function from a value to its sort key, in lower case unless case counts. */
    static UnaryOperator<Object> key(Object attribute, Object absent, boolean caseSensitive) {
        UnaryOperator<Object> getter = getter(attribute, absent);
        return value -> {
            Object part = getter.apply(value);
            return part instanceof Rope rope && !caseSensitive ? CaseMapping.lower(rope) : part;
        };
    }

    /** Several attributes separated by commas: a function from a value to a list. */
    static UnaryOperator<Object> keys(Object attributes, boolean caseSensitive) {
        List<UnaryOperator<Object>> keys = new ArrayList<>();
        if (attributes instanceof Rope rope) {
            TextParts.split(rope, Rope.of(","), -1).forEach(part -> keys.add(key(part, None.NONE, caseSensitive)));
        } else {
            keys.add(key(attributes, None.NONE, caseSensitive));
        }
        return value -> {
            List<Object> parts = new ArrayList<>(keys.size());
            keys.forEach(key -> parts.add(key.apply(value)));
            return new ListValue(parts);
        };
    }

    private static List<Object> parts(Object attribute) {
        List<Object> parts = new ArrayList<>();
        if (attribute instanceof Rope rope) {
            for (Rope part : TextParts.split(rope, Rope.of("."), -1)) {
                boolean number = !part.isEmpty() && part.text().codePoints().allMatch(CodePoints::isDigit);
                parts.add(number ? index(part.text()) : part);
            }
        } else if (attribute != None.NONE) {
            parts.add(attribute);
        }
        return parts;
    }

    private static BigInteger index(String digits) {
        return NumberText.parseInteger(digits, 10)
                .orElseThrow(() -> TemplateException.value("invalid literal for int() with base 10"));
    }
}

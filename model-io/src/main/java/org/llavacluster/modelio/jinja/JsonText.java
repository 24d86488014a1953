package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code json.dumps}. */
final class JsonText {

    private final boolean ascii;
    private final Rope indent;
    private final Rope itemSeparator;
    private final Rope keySeparator;
    private final boolean sorted;
    private final RopeBuilder out = new RopeBuilder();

    /** @param indent null for one line */
    private JsonText(boolean ascii, Rope indent, Rope itemSeparator, Rope keySeparator, boolean sorted) {
        this.ascii = ascii;
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.sorted = sorted;
    }

    /**
     * @param separators separators of items and of keys, or {@code None} for the default ones
     */
    static Rope of(Rendering rendering, Object value, boolean ascii, Object indent, Object separators, boolean sorted) {
        Rope step = null;
        if (indent instanceof Rope rope) {
            step = rope;
        } else if (Numbers.index(indent) != null) {
            step = new RopeBuilder()
                    .repeat(' ', false, Math.max(0, Numbers.clamped(Numbers.index(indent))))
                    .rope();
        } else if (indent != None.NONE) {
            throw TemplateException.type("the indent must be an int or a str, not " + Types.name(indent));
        }
        Rope items = Rope.of(step == null ? ", " : ",");
        Rope keys = Rope.of(": ");
        if (separators != None.NONE) {
            List<Object> both = Iteration.list(rendering, separators);
            if (both.size() != 2) {
                throw TemplateException.value("the separators must be two");
            }
            if (!(both.get(0) instanceof Rope first) || !(both.get(1) instanceof Rope second)) {
                throw TemplateException.type("the separators must be str");
            }
            items = first;
            keys = second;
        }
        JsonText json = new JsonText(ascii, step, items, keys, sorted);
        json.append(value, 0);
        return json.out.rope();
    }

    private void append(Object value, int depth) {
        switch (value) {
            case Rope rope -> appendString(rope);
            case None _ -> out.append("null");
            case Boolean bool -> out.append(bool ? "true" : "false");
            case BigInteger integer -> out.append(NumberText.decimal(integer));
            case Double number -> out.append(number(number));
            case SequenceValue sequence -> appendItems(sequence.items(), depth);
            case DictValue dict -> appendDict(dict, depth);
            default ->
                throw TemplateException.type("Object of type " + Types.name(value) + " is not JSON serializable");
        }
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : NumberText.shortest(number);
    }

    private void startLine(int depth) {
        if (indent != null) {
            out.append("\n").repeat(indent, depth);
        }
    }

    private void appendItems(List<Object> items, int depth) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append("[");
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                out.append(itemSeparator);
            }
            startLine(depth + 1);
            append(items.get(i), depth + 1);
        }
        startLine(depth);
        out.append("]");
    }

    private void appendDict(DictValue dict, int depth) {
        if (dict.size() == 0) {
            out.append("{}");
            return;
        }
        List<Object> keys = new ArrayList<>(dict.keys());
        if (sorted) {
            keys = Sorting.sorted(keys, key -> key, false);
        }
        out.append("{");
        for (int i = 0; i < keys.size(); i++) {
            if (i > 0) {
                out.append(itemSeparator);
            }
            startLine(depth + 1);
            appendString(key(keys.get(i)));
            out.append(keySeparator);
            append(dict.get(keys.get(i)), depth + 1);
        }
        startLine(depth);
        out.append("}");
    }

    private static Rope key(Object key) {
        return switch (key) {
            case Rope rope -> rope;
            case None _ -> Rope.of("null");
            case Boolean bool -> Rope.of(bool ? "true" : "false");
            case BigInteger integer -> Rope.of(NumberText.decimal(integer));
            case Double number -> Rope.of(number(number));
            default ->
                throw TemplateException.type("keys must be str, int, float, bool or None, not " + Types.name(key));
        };
    }

    private void appendString(Rope rope) {
        String text = rope.text();
        out.append("\"");
        int done = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            String escape =
                    switch (c) {
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        case '\b' -> "\\b";
                        case '\f' -> "\\f";
                        default -> c < ' ' || ascii && c > '~' ? String.format("\\u%04x", (int) c) : null;
                    };
            if (escape != null) {
                out.append(rope, done, at).append(escape, rope.isUserText(at));
                done = at + 1;
            }
        }
        out.append(rope, done, text.length()).append("\"");
    }
}

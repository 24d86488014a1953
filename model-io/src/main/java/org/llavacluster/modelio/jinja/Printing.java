package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.List;

/** Python's {@code str()} and {@code repr()}. */
final class Printing {

    private Printing() {}

    /** {@code str()} without markup. */
    static Rope text(Object value) {
        return value instanceof Rope rope ? rope.withMarkup(false) : soft(value);
    }

    /** {@code str()} that keeps markup. */
    static Rope soft(Object value) {
        return switch (value) {
            case Rope rope -> rope;
            case Undefined _ -> Rope.EMPTY;
            case None _ -> Rope.of("None");
            case Boolean bool -> Rope.of(bool ? "True" : "False");
            case BigInteger integer -> Rope.of(NumberText.decimal(integer));
            case Double number -> Rope.of(NumberText.shortest(number));
            default -> representation(value);
        };
    }

    /** {@code repr()}. */
    static Rope representation(Object value) {
        RopeBuilder out = new RopeBuilder();
        append(value, out);
        return out.rope();
    }

    private static void append(Object value, RopeBuilder out) {
        switch (value) {
            case Rope rope -> {
                out.append(rope.isMarkup() ? "Markup(" : "");
                appendQuoted(rope, out);
                out.append(rope.isMarkup() ? ")" : "");
            }
            case Undefined _ -> out.append("Undefined");
            case ListValue list -> appendItems("[", list.items(), "]", out);
            case TupleValue tuple -> appendItems("(", tuple.items(), tuple.size() == 1 ? ",)" : ")", out);
            case DictValue dict -> appendDict(dict, out);
            case DictViewValue view -> {
                out.append(view.typeName());
                appendItems("([", view.items(), "])", out);
            }
            case RangeValue range -> {
                out.append("range(" + range.start() + ", " + range.stop());
                out.append(range.step().equals(BigInteger.ONE) ? ")" : ", " + range.step() + ")");
            }
            case NamespaceValue namespace -> {
                out.append("<Namespace ");
                appendDict(namespace.dict(), out);
                out.append(">");
            }
            case BytesValue bytes -> appendBytes(bytes, out);
            case LoopValue loop -> out.append("<LoopContext " + loop.index() + "/" + loop.length() + ">");
            case MacroValue macro ->
                out.append("<Macro " + (macro.name() == null ? "anonymous" : "'" + macro.name() + "'") + ">");
            case None _, Boolean _, BigInteger _, Double _ -> out.append(soft(value));
            // Python prints an address here, which differs each time.
            default -> out.append("<" + Types.name(value) + " object>");
        }
    }

    private static void appendItems(String open, List<Object> items, String close, RopeBuilder out) {
        out.append(open);
        String separator = "";
        for (Object item : items) {
            out.append(separator);
            append(item, out);
            separator = ", ";
        }
        out.append(close);
    }

    private static void appendDict(DictValue dict, RopeBuilder out) {
        out.append("{");
        List<Object> keys = dict.keys();
        List<Object> values = dict.values();
        for (int i = 0; i < keys.size(); i++) {
            out.append(i > 0 ? ", " : "");
            append(keys.get(i), out);
            out.append(": ");
            append(values.get(i), out);
        }
        out.append("}");
    }

    private static void appendQuoted(Rope rope, RopeBuilder out) {
        String text = rope.text();
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(Character.toString(quote));
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            boolean user = rope.isUserText(at);
            if (c == quote || c == '\\') {
                out.append('\\', user).append(c, user);
            } else if (c >= ' ' && c < 0x7f || c >= 0x7f && CodePoints.isPrintable(c)) {
                out.append(c, user);
            } else {
                out.append(escape(c), user);
            }
            at += Character.charCount(c);
        }
        out.append(Character.toString(quote));
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        };
    }

    /** {@code ascii()}: like {@code repr()}, with escapes for all characters beyond ASCII. */
    static Rope asciiRepresentation(Object value) {
        Rope printed = representation(value);
        RopeBuilder out = new RopeBuilder(printed.units());
        String text = printed.text();
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            out.append(c < 0x80 ? Character.toString(c) : escape(c), printed.isUserText(at));
            at += Character.charCount(c);
        }
        return out.rope();
    }

    private static void appendBytes(BytesValue bytes, RopeBuilder out) {
        String quote = contains(bytes, '\'') && !contains(bytes, '"') ? "\"" : "'";
        out.append("b" + quote);
        for (byte each : bytes.bytes()) {
            int c = each & 0xff;
            boolean escaped = c == '\\' || c == quote.charAt(0);
            out.append(
                    escaped ? "\\" + (char) c : c >= ' ' && c < 0x7f ? Character.toString(c) : escape(c), bytes.user());
        }
        out.append(quote);
    }

    private static boolean contains(BytesValue bytes, char c) {
        for (byte each : bytes.bytes()) {
            if (each == c) {
                return true;
            }
        }
        return false;
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Python's {@code format % arguments}. */
final class PercentFormat {

    private final Rope format;
    private final String text;
    private final Object argument;
    private final List<Object> arguments;
    private final RopeBuilder out = new RopeBuilder();
    private int at;
    private int used;
    private boolean named;

    // The conversion being parsed.
    private String flags;
    private int width;
    private int precision;

    private PercentFormat(Rope format, Object argument) {
        this.format = format;
        this.text = format.text();
        this.argument = argument;
        this.arguments = argument instanceof TupleValue tuple ? tuple.items() : List.of(argument);
    }

    static Rope format(Rope format, Object argument) {
        PercentFormat formatting = new PercentFormat(format, argument);
        formatting.run();
        return formatting.out.rope().withMarkup(format.isMarkup());
    }

    private boolean isMapping() {
        return argument instanceof DictValue
                || argument instanceof ListValue
                || argument instanceof Undefined
                || argument instanceof RangeValue;
    }

    private void run() {
        while (at < text.length()) {
            int percent = text.indexOf('%', at);
            int end = percent < 0 ? text.length() : percent;
            out.append(format, at, end);
            at = end;
            if (percent >= 0) {
                at++;
                convert();
            }
        }
        if (!named && used < arguments.size() && !isMapping()) {
            throw TemplateException.type("not all arguments converted during string formatting");
        }
    }

    private char next() {
        if (at >= text.length()) {
            throw TemplateException.value("incomplete format");
        }
        return text.charAt(at++);
    }

    private Object take() {
        if (used >= arguments.size()) {
            throw TemplateException.type("not enough arguments for format string");
        }
        return arguments.get(used++);
    }

    private void convert() {
        Object byName = null;
        char c = next();
        if (c == '(') {
            byName = named();
            c = next();
        }
        StringBuilder seen = new StringBuilder();
        while ("-+ #0".indexOf(c) >= 0) {
            seen.append(c);
            c = next();
        }
        width = 0;
        if (c == '*') {
            width = star();
            if (width < 0) {
                seen.append('-');
                width = -width;
            }
            c = next();
        } else {
            at--;
            width = digits();
            c = next();
        }
        precision = -1;
        if (c == '.') {
            c = next();
            if (c == '*') {
                precision = Math.max(0, star());
            } else {
                at--;
                precision = digits();
            }
            c = next();
        }
        if ("hlL".indexOf(c) >= 0) {
            c = next();
        }
        flags = seen.toString();
        if (c == '%') {
            out.append("%");
            return;
        }
        append(c, byName == null ? take() : byName);
    }

    private Object named() {
        if (!(argument instanceof DictValue) && !isMapping()) {
            throw TemplateException.type("format requires a mapping");
        }
        int start = at;
        int open = 1;
        while (open > 0) {
            if (at >= text.length()) {
                throw TemplateException.value("incomplete format key");
            }
            char c = text.charAt(at++);
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        named = true;
        if (!(argument instanceof DictValue dict)) {
            Undefined.refuse(argument);
            throw TemplateException.type(Types.name(argument) + " indices must be integers or slices, not str");
        }
        Object value = dict.get(format.sub(start, at - 1));
        if (value == null) {
            throw TemplateException.lookup("the mapping has no such key");
        }
        return value;
    }

    private int star() {
        BigInteger number = take() instanceof BigInteger integer ? integer : null;
        if (number == null) {
            throw TemplateException.type("* wants int");
        }
        return Numbers.clamped(number);
    }

    private int digits() {
        long number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(Integer.MAX_VALUE, 10 * number + text.charAt(at++) - '0');
        }
        return (int) number;
    }

    private boolean flag(char flag) {
        return flags.indexOf(flag) >= 0;
    }

    private void append(char type, Object value) {
        boolean escaped = format.isMarkup();
        switch (type) {
            case 's' -> pad("", cut(escaped ? Html.escape(value) : Printing.text(value)), false);
            case 'r' ->
                pad(
                        "",
                        cut(escaped ? Html.escape(Printing.representation(value)) : Printing.representation(value)),
                        false);
            case 'a' -> pad("", cut(Printing.asciiRepresentation(value)), false);
            case 'c' -> pad("", character(value), false);
            case 'd', 'i', 'u', 'x', 'X', 'o' -> appendInteger(type, value);
            case 'e', 'E', 'f', 'F', 'g', 'G' -> appendFloat(type, value);
            default -> throw TemplateException.value("unsupported format character");
        }
    }

    private Rope cut(Rope value) {
        return precision >= 0 && precision < value.length() ? value.sub(0, value.unit(precision)) : value;
    }

    private void pad(String prefix, Rope value, boolean zeros) {
        int space = Math.max(0, width - prefix.length() - value.length());
        boolean left = flag('-');
        boolean filled = zeros && flag('0') && !left;
        out.repeat(' ', false, left || filled ? 0 : space).append(prefix);
        out.repeat('0', false, filled ? space : 0).append(value.withMarkup(false));
        out.repeat(' ', false, left ? space : 0);
    }

    private static Rope character(Object value) {
        if (value instanceof Rope rope) {
            if (rope.length() != 1) {
                throw TemplateException.type("%c requires int or char");
            }
            return rope;
        }
        BigInteger code = Numbers.index(value);
        if (code == null) {
            throw TemplateException.type("%c requires int or char");
        }
        if (code.signum() < 0 || code.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
            throw TemplateException.arithmetic("%c arg not in range(0x110000)");
        }
        // A number may come from a user's text, so the character counts as a user's.
        return Rope.user(Character.toString(code.intValue()));
    }

    private void appendInteger(char type, Object value) {
        BigInteger number = Numbers.index(value);
        boolean decimal = type == 'd' || type == 'i' || type == 'u';
        if (number == null && decimal && value instanceof Double floating) {
            number = Numbers.toInteger(floating, RoundingMode.DOWN);
        }
        if (number == null) {
            if (decimal) {
                Undefined.refuse(value instanceof Undefined ? value : None.NONE);
            }
            throw TemplateException.type("%" + type + " format: a" + (decimal ? " real number" : "n integer")
                    + " is required, not " + Types.name(value));
        }
        int radix = type == 'o' ? 8 : decimal ? 10 : 16;
        String digits =
                radix == 10 ? NumberText.decimal(number.abs()) : number.abs().toString(radix);
        String prefix = flag('#') && radix != 10 ? "0" + Character.toLowerCase(type) : "";
        if (precision > digits.length()) {
            digits = new RopeBuilder()
                    .repeat('0', false, precision - (long) digits.length())
                    .append(digits)
                    .text();
        }
        if (type == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
            prefix = prefix.toUpperCase(Locale.ROOT);
        }
        pad(signOf(number.signum() < 0) + prefix, Rope.of(digits), true);
    }

    private String signOf(boolean negative) {
        return negative ? "-" : flag('+') ? "+" : flag(' ') ? " " : "";
    }

    private void appendFloat(char type, Object value) {
        if (!Types.isNumber(value)) {
            Undefined.refuse(value);
            throw TemplateException.type("must be real number, not " + Types.name(value));
        }
        double number = Numbers.asDouble(value);
        boolean negative = number < 0 || number == 0 && 1 / number < 0;
        boolean finite = !Double.isNaN(number) && !Double.isInfinite(number);
        String digits = finite
                ? NumberText.formatted(
                        Math.abs(number),
                        Character.toLowerCase(type),
                        Math.min(precision < 0 ? 6 : precision, 2000),
                        flag('#'))
                : NumberText.shortest(Math.abs(number));
        pad(signOf(negative), Rope.of(Character.isUpperCase(type) ? digits.toUpperCase(Locale.ROOT) : digits), true);
    }
}

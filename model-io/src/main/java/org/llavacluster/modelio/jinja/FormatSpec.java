package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specifications, {@code [[fill]align][sign][z][#][0][width][grouping][.precision][type]}, applied to a
 * value.
 */
final class FormatSpec {

    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\\d+)?([_,])?(?:\\.(\\d+))?(.)?", Pattern.DOTALL);

    private final Object value;
    private final Rope fill;
    private final String align;
    private final String sign;
    private final boolean alternative;
    private final boolean zeros;
    private final int width;
    private final String grouping;
    private final int precision;
    private final char type;

    private FormatSpec(Object value, Rope specification, Matcher spec) {
        this.value = value;
        this.zeros = spec.group(6) != null && spec.group(2) == null;
        boolean zeroFill = spec.group(6) != null && spec.group(1) == null;
        this.fill =
                spec.group(1) != null ? specification.sub(spec.start(1), spec.end(1)) : Rope.of(zeroFill ? "0" : " ");
        this.align = spec.group(2) != null ? spec.group(2) : zeros && !(value instanceof Rope) ? "=" : "";
        this.sign = spec.group(3) == null ? "" : spec.group(3);
        this.alternative = spec.group(5) != null;
        this.width = number(spec.group(7), 0);
        this.grouping = spec.group(8) == null ? "" : spec.group(8);
        this.precision = number(spec.group(9), -1);
        this.type = spec.group(10) == null ? 0 : spec.group(10).charAt(0);
    }

    private static int number(String digits, int absent) {
        if (digits == null) {
            return absent;
        }
        if (digits.length() > 9) {
            throw TemplateException.value("too many decimal digits in format string");
        }
        return Integer.parseInt(digits);
    }

    /** {@code format(value, specification)}. */
    static Rope format(Object value, Rope specification) {
        if (specification.isEmpty()) {
            return Printing.soft(value);
        }
        if (!(value instanceof Rope) && !Types.isNumber(value)) {
            throw TemplateException.type("unsupported format string passed to " + Types.name(value) + ".__format__");
        }
        Matcher spec = SPEC.matcher(specification.text());
        if (!spec.matches()) {
            throw TemplateException.value("invalid format specifier");
        }
        return new FormatSpec(value, specification, spec).formatted();
    }

    private Rope formatted() {
        if (value instanceof Rope rope) {
            return text(rope);
        }
        boolean floating = value instanceof Double || "eEfFgG%".indexOf(type) >= 0 && type != 0;
        return floating ? floating() : integer();
    }

    private TemplateException unknownType() {
        return TemplateException.value("unknown format code for object of type '" + Types.name(value) + "'");
    }

    private Rope text(Rope rope) {
        if (type != 0 && type != 's') {
            throw unknownType();
        }
        if (!sign.isEmpty() || alternative || align.equals("=") || !grouping.isEmpty()) {
            throw TemplateException.value(
                    "sign, alternate form, '=' alignment and grouping are not allowed in string format specifier");
        }
        Rope kept = precision >= 0 && precision < rope.length() ? rope.sub(0, rope.unit(precision)) : rope;
        return padded("", kept.withMarkup(false), "<");
    }

    private Rope padded(String prefix, Rope body, String usual) {
        int space = width - prefix.length() - body.length();
        RopeBuilder out = new RopeBuilder();
        String how = align.isEmpty() ? usual : align;
        int before =
                switch (how) {
                    case ">" -> Math.max(0, space);
                    case "^" -> Math.max(0, space) / 2;
                    default -> 0;
                };
        out.repeat(fill, before).append(prefix);
        if (how.equals("=")) {
            return out.repeat(fill, Math.max(0, space)).append(body).rope();
        }
        return out.append(body).repeat(fill, Math.max(0, space - before)).rope();
    }

    private Rope integer() {
        BigInteger number = Numbers.index(value);
        if (precision >= 0) {
            throw TemplateException.value("precision not allowed in integer format specifier");
        }
        if (type == 'c') {
            return character(number);
        }
        int radix =
                switch (type) {
                    case 0, 'd', 'n' -> 10;
                    case 'x', 'X' -> 16;
                    case 'o' -> 8;
                    case 'b' -> 2;
                    default -> throw unknownType();
                };
        if (grouping.equals(",") && radix != 10) {
            throw TemplateException.value("cannot specify ',' with this format code");
        }
        String digits =
                radix == 10 ? NumberText.decimal(number.abs()) : number.abs().toString(radix);
        String prefix = alternative && radix != 10 ? "0" + Character.toLowerCase(type) : "";
        if (type == 'X') {
            digits = digits.toUpperCase(Locale.ROOT);
            prefix = prefix.toUpperCase(Locale.ROOT);
        }
        String signed = signOf(number.signum() < 0) + prefix;
        return padded(signed, Rope.of(grouped(digits, "", radix == 10 ? 3 : 4, signed.length())), ">");
    }

    private Rope character(BigInteger number) {
        if (!sign.isEmpty() || alternative || !grouping.isEmpty()) {
            throw TemplateException.value(
                    "sign, alternate form and grouping are not allowed with integer format specifier 'c'");
        }
        if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
            throw TemplateException.arithmetic("%c arg not in range(0x110000)");
        }
        // A number may come from a user's text, so the character counts as a user's.
        return padded("", Rope.user(Character.toString(number.intValue())), ">");
    }

    private String signOf(boolean negative) {
        return negative ? "-" : sign.equals("-") ? "" : sign;
    }

    /** The digits with separators. With {@code 0}, the zeros that fill the width are grouped too. */
    private String grouped(String whole, String fraction, int size, int taken) {
        if (grouping.isEmpty()) {
            return whole + fraction;
        }
        String digits = whole;
        boolean fills = fill.text().equals("0") && align.equals("=");
        while (fills && separated(digits, size).length() + fraction.length() + taken < width) {
            digits = "0" + digits;
            if (separated(digits, size).length() + fraction.length() + taken > width && digits.length() % size == 1) {
                break;
            }
        }
        return separated(digits, size) + fraction;
    }

    private String separated(String digits, int size) {
        StringBuilder separated = new StringBuilder(digits);
        for (int i = digits.length() - size; i > 0; i -= size) {
            separated.insert(i, grouping);
        }
        return separated.toString();
    }

    private Rope floating() {
        double number = Numbers.asDouble(value);
        boolean negative = number < 0 || number == 0 && 1 / number < 0;
        String digits = digits(Math.abs(number));
        if (type == 'E' || type == 'F' || type == 'G') {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        String signed = signOf(negative);
        return padded(
                signed, Rope.of(grouped(digits.substring(0, end), digits.substring(end), 3, signed.length())), ">");
    }

    private String digits(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return NumberText.shortest(number) + (type == '%' ? "%" : "");
        }
        int places = Math.min(precision < 0 ? 6 : precision, 2000);
        return switch (type) {
            case 'e', 'E' -> NumberText.formatted(number, 'e', places, alternative);
            case 'f', 'F' -> NumberText.formatted(number, 'f', places, alternative);
            case 'g', 'G', 'n' -> NumberText.formatted(number, 'g', places, alternative);
            case '%' -> NumberText.formatted(number * 100, 'f', places, alternative) + "%";
            case 0 -> general(number);
            default -> throw unknownType();
        };
    }

    /** Without a type: like {@code repr}, or like {@code g} with at least one digit after the point. */
    private String general(double number) {
        if (precision < 0) {
            return NumberText.shortest(number);
        }
        int digits = Math.max(1, Math.min(precision, 2000));
        String text = NumberText.formatted(number, 'g', digits, alternative);
        if (text.indexOf('e') >= 0 || text.indexOf('.') >= 0) {
            return text;
        }
        // A point and a zero do not fit if all digits are before the point.
        return text.length() < digits
                ? text + ".0"
                : NumberText.formatted(number, 'e', digits - 1, alternative).replaceFirst("\\.?0*e", "e");
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Conversion of numbers to text and back as in Python. */
final class NumberText {

    private static final Pattern FLOAT =
            Pattern.compile("[+-]?(\\d+(_\\d+)*(\\.(\\d+(_\\d+)*)?)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
    private static final Pattern SPECIAL = Pattern.compile("[+-]?(inf|infinity|nan)", Pattern.CASE_INSENSITIVE);

    private NumberText() {}

    /** {@code int(text, base)}; empty if the text is not an integer. */
    static Optional<BigInteger> parseInteger(String text, int base) {
        String digits = ascii(text);
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = base;
        String prefix = digits.length() > 1 && digits.charAt(0) == '0'
                ? digits.substring(0, 2).toLowerCase(Locale.ROOT)
                : "";
        int prefixed =
                switch (prefix) {
                    case "0x" -> 16;
                    case "0o" -> 8;
                    case "0b" -> 2;
                    default -> 0;
                };
        if (prefixed > 0 && (base == 0 || base == prefixed)) {
            radix = prefixed;
            digits = digits.substring(2);
            digits = digits.startsWith("_") ? digits.substring(1) : digits;
        } else if (base == 0) {
            radix = 10;
            if (digits.startsWith("0") && !digits.matches("0(_?0)*")) {
                return Optional.empty();
            }
        }
        int base10 = radix;
        if (digits.startsWith("_") || digits.endsWith("_") || digits.contains("__")) {
            return Optional.empty();
        }
        String plain = digits.replace("_", "");
        if (plain.isEmpty() || !plain.chars().allMatch(c -> c < 0x80 && Character.digit(c, base10) >= 0)) {
            return Optional.empty();
        }
        if (plain.length() > TemplateLimits.INTEGER_DIGITS && Integer.bitCount(radix) != 1) {
            throw tooManyDigits();
        }
        if (plain.length() > TemplateLimits.INTEGER_BITS / 5) {
            throw TemplateException.limit("reads an integer of too many digits");
        }
        BigInteger value = new BigInteger(plain, radix);
        return Optional.of(negative ? value.negate() : value);
    }

    private static TemplateException tooManyDigits() {
        return TemplateException.value(
                "exceeds the limit of " + TemplateLimits.INTEGER_DIGITS + " digits for integer string conversion");
    }

    /** The text without surrounding white space, and with ASCII digits for those of other scripts. */
    private static String ascii(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && CodePoints.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && CodePoints.isSpace(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder ascii = new StringBuilder();
        text.substring(start, end)
                .codePoints()
                .forEach(c ->
                        ascii.appendCodePoint(c >= 0x80 && Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return ascii.toString();
    }

    /** {@code float(text)}; empty if the text is not a number. */
    static Optional<Double> parseFloat(String text) {
        String digits = ascii(text);
        if (SPECIAL.matcher(digits).matches()) {
            boolean negative = digits.startsWith("-");
            boolean nan = digits.toLowerCase(Locale.ROOT).endsWith("nan");
            double value = nan ? Double.NaN : Double.POSITIVE_INFINITY;
            return Optional.of(negative ? -value : value);
        }
        return FLOAT.matcher(digits).matches()
                ? Optional.of(Double.parseDouble(digits.replace("_", "")))
                : Optional.empty();
    }

    /**
     * @throws TemplateException of kind VALUE if it has too many digits for Python
     */
    static String decimal(BigInteger integer) {
        if (integer.bitLength() > 14_281) {
            throw tooManyDigits();
        }
        String text = integer.toString();
        if (text.length() - (integer.signum() < 0 ? 1 : 0) > TemplateLimits.INTEGER_DIGITS) {
            throw tooManyDigits();
        }
        return text;
    }

    /** {@code repr()} of a float: the fewest digits that read as the same number. */
    static String shortest(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        String sign = number < 0 || 1 / number < 0 ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        BigDecimal decimal = fewestDigits(Math.abs(number));
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            return sign + scientific(decimal, exponent, decimal.precision() - 1, false);
        }
        String plain = decimal.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /** Java always prints two digits even if one is enough. */
    private static BigDecimal fewestDigits(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal single = new BigDecimal(number).round(new MathContext(1, RoundingMode.HALF_EVEN));
            return single.doubleValue() == number ? single : decimal;
        }
        return decimal;
    }

    private static String scientific(BigDecimal decimal, int exponent, int places, boolean point) {
        String digits = decimal.movePointLeft(exponent)
                .setScale(places, RoundingMode.HALF_EVEN)
                .toPlainString();
        return digits + (point && places == 0 ? "." : "") + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /**
     * The digits of a finite non-negative number in style {@code e}, {@code f} or {@code g}.
     *
     * @param alternative {@code #}: keeps the decimal point and, with {@code g}, trailing zeros
     */
    static String formatted(double number, char style, int precision, boolean alternative) {
        BigDecimal exact = new BigDecimal(number);
        return switch (style) {
            case 'f' ->
                exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
                        + (alternative && precision == 0 ? "." : "");
            case 'e' -> {
                BigDecimal rounded = exact.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
                yield scientific(rounded, exponent(rounded), precision, alternative);
            }
            default -> {
                int digits = Math.max(1, precision);
                BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
                int exponent = exponent(rounded);
                boolean plain = exponent >= -4 && exponent < digits;
                BigDecimal kept = alternative ? rounded : rounded.stripTrailingZeros();
                if (plain) {
                    int places = alternative ? digits - 1 - exponent : Math.max(0, kept.scale());
                    yield rounded.setScale(places, RoundingMode.HALF_EVEN).toPlainString()
                            + (alternative && places == 0 ? "." : "");
                }
                yield scientific(
                        rounded, exponent, alternative ? digits - 1 : Math.max(0, kept.precision() - 1), alternative);
            }
        };
    }

    private static int exponent(BigDecimal decimal) {
        return decimal.signum() == 0 ? 0 : decimal.precision() - decimal.scale() - 1;
    }
}

package org.llavacluster.training.evaluation;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.llavacluster.training.data.PythonText;

/**
 * Numbers as Python's {@code float} reads them. Java's parser takes suffixes and hexadecimal, and takes neither digits
 * of other scripts nor underscores.
 */
final class PythonNumber {

    private static final String DIGITS = "[0-9](?:_?[0-9])*";

    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:%1$s(?:\\.(?:%1$s)?)?|\\.%1$s)(?:e[+-]?%1$s)?".formatted(DIGITS));

    private static final Pattern INFINITY = Pattern.compile("[+-]?inf(?:inity)?");

    private static final Pattern NOT_A_NUMBER = Pattern.compile("[+-]?nan");

    private PythonNumber() {}

    /** The number, or nothing where Python raises an error. */
    static OptionalDouble parse(String text) {
        String number = withAsciiDigits(PythonText.strip(text)).toLowerCase(Locale.ROOT);
        if (DECIMAL.matcher(number).matches()) {
            return OptionalDouble.of(Double.parseDouble(number.replace("_", "")));
        }
        if (INFINITY.matcher(number).matches()) {
            return OptionalDouble.of(number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return NOT_A_NUMBER.matcher(number).matches() ? OptionalDouble.of(Double.NaN) : OptionalDouble.empty();
    }

    private static String withAsciiDigits(String text) {
        StringBuilder ascii = new StringBuilder();
        text.codePoints().forEach(c -> ascii.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return ascii.toString();
    }
}

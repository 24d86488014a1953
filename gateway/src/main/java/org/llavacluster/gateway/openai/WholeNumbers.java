package org.llavacluster.gateway.openai;

import java.math.BigDecimal;
import java.util.function.Function;

/** Whole numbers of 64 bits in any JSON notation. */
final class WholeNumbers {

    private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Digits of a refused number that an error repeats. */
    private static final int MAX_SHOWN = 40;

    private WholeNumbers() {}

    /**
     * The number as a long.
     *
     * @param refusal creates the exception for an invalid number
     */
    static <E extends RuntimeException> long read(BigDecimal number, Function<String, E> refusal) {
        // Compared rather than scaled, because the exponent of a number of ten characters can stand for gigabytes of
        // digits.
        if (number.compareTo(MIN) < 0 || number.compareTo(MAX) > 0) {
            throw refusal.apply("must be from " + MIN + " to " + MAX + ", a signed number of 64 bits" + given(number));
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException fraction) {
            throw refusal.apply("must be a whole number" + given(number));
        }
    }

    private static String given(BigDecimal number) {
        String text = number.toString();
        return text.length() > MAX_SHOWN ? "" : ", given " + text;
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's arithmetic. Integers have no bounds but {@link TemplateLimits#INTEGER_BITS}; {@code True} is 1. */
final class Numbers {

    private Numbers() {}

    /** The value as an integer if Python accepts it as an index, otherwise null. */
    static BigInteger index(Object value) {
        return switch (value) {
            case BigInteger integer -> integer;
            case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
            case null, default -> null;
        };
    }

    static BigInteger integer(long value) {
        return BigInteger.valueOf(value);
    }

    static int clamped(BigInteger integer) {
        return integer.bitLength() < 32 ? integer.intValue() : integer.signum() * Integer.MAX_VALUE;
    }

    /** A number of items or characters, clamped to the range of {@code int}. */
    static int count(BigInteger integer) {
        if (integer.bitLength() > 63) {
            throw TemplateException.arithmetic("cannot fit 'int' into an index-sized integer");
        }
        return clamped(integer);
    }

    static double asDouble(Object number) {
        if (number instanceof Double value) {
            return value;
        }
        double value = index(number).doubleValue();
        if (Double.isInfinite(value)) {
            throw TemplateException.arithmetic("int too large to convert to float");
        }
        return value;
    }

    static boolean equal(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            return comparable(a, b) && compare(a, b) == 0;
        }
        return index(a).equals(index(b));
    }

    static boolean less(Object a, Object b) {
        return comparable(a, b) && compare(a, b) < 0;
    }

    private static boolean comparable(Object a, Object b) {
        return !(a instanceof Double x && x.isNaN()) && !(b instanceof Double y && y.isNaN());
    }

    private static int compare(Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x.doubleValue() == y.doubleValue() ? 0 : 1;
        }
        if (a instanceof Double x && x.isInfinite()) {
            return x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && y.isInfinite()) {
            return y > 0 ? -1 : 1;
        }
        return exact(a).compareTo(exact(b));
    }

    static BigDecimal exact(Object number) {
        return number instanceof Double value ? new BigDecimal(value) : new BigDecimal(index(number));
    }

    private static BigInteger checked(BigInteger integer) {
        if (integer.bitLength() > TemplateLimits.INTEGER_BITS) {
            throw tooLarge();
        }
        return integer;
    }

    private static TemplateException tooLarge() {
        return TemplateException.limit("makes an integer of more than " + TemplateLimits.INTEGER_BITS + " bits");
    }

    static Object add(Object a, Object b) {
        return floats(a, b) ? (Object) (asDouble(a) + asDouble(b)) : checked(index(a).add(index(b)));
    }

    static Object subtract(Object a, Object b) {
        return floats(a, b) ? (Object) (asDouble(a) - asDouble(b)) : checked(index(a).subtract(index(b)));
    }

    static Object multiply(Object a, Object b) {
        if (floats(a, b)) {
            return asDouble(a) * asDouble(b);
        }
        // The product has as many bits as its factors together, or one less.
        if (index(a).bitLength() + index(b).bitLength() - 1 > TemplateLimits.INTEGER_BITS) {
            throw tooLarge();
        }
        return checked(index(a).multiply(index(b)));
    }

    private static boolean floats(Object a, Object b) {
        return a instanceof Double || b instanceof Double;
    }

    static Object divide(Object a, Object b) {
        if (floats(a, b)) {
            double divisor = asDouble(b);
            if (divisor == 0) {
                throw TemplateException.arithmetic("float division by zero");
            }
            return asDouble(a) / divisor;
        }
        BigInteger divisor = index(b);
        if (divisor.signum() == 0) {
            throw TemplateException.arithmetic("division by zero");
        }
        BigInteger dividend = index(a);
        if (dividend.bitLength() <= 53 && divisor.bitLength() <= 53) {
            return dividend.doubleValue() / divisor.doubleValue();
        }
        double quotient = new BigDecimal(dividend)
                .divide(new BigDecimal(divisor), new MathContext(60, RoundingMode.HALF_EVEN))
                .doubleValue();
        if (Double.isInfinite(quotient)) {
            throw TemplateException.arithmetic("integer division result too large for a float");
        }
        return quotient;
    }

    static Object floorDivide(Object a, Object b) {
        if (floats(a, b)) {
            double divisor = asDouble(b);
            if (divisor == 0) {
                throw TemplateException.arithmetic("float floor division by zero");
            }
            double dividend = asDouble(a);
            double remainder = floatModulo(dividend, divisor);
            double quotient = (dividend - remainder) / divisor;
            if (quotient == 0) {
                return Math.copySign(0.0, dividend / divisor);
            }
            double floor = Math.floor(quotient);
            return quotient - floor > 0.5 ? floor + 1 : floor;
        }
        BigInteger divisor = nonZero(index(b));
        BigInteger[] parts = index(a).divideAndRemainder(divisor);
        boolean round = parts[1].signum() != 0 && parts[1].signum() != divisor.signum();
        return round ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static BigInteger nonZero(BigInteger divisor) {
        if (divisor.signum() == 0) {
            throw TemplateException.arithmetic("integer division or modulo by zero");
        }
        return divisor;
    }

    /** The remainder has the sign of the divisor. */
    static Object modulo(Object a, Object b) {
        if (floats(a, b)) {
            double divisor = asDouble(b);
            if (divisor == 0) {
                throw TemplateException.arithmetic("float modulo");
            }
            return floatModulo(asDouble(a), divisor);
        }
        BigInteger divisor = nonZero(index(b));
        BigInteger remainder = index(a).remainder(divisor);
        return remainder.signum() != 0 && remainder.signum() != divisor.signum() ? remainder.add(divisor) : remainder;
    }

    private static double floatModulo(double dividend, double divisor) {
        double remainder = dividend % divisor;
        if (remainder == 0) {
            return Math.copySign(0.0, divisor);
        }
        return remainder < 0 == divisor < 0 ? remainder : remainder + divisor;
    }

    /** Whether Python writes the number with a minus sign. */
    static boolean isSigned(Object number) {
        return number instanceof BigInteger integer && integer.signum() < 0
                || number instanceof Double real && !real.isNaN() && Math.copySign(1, real) < 0;
    }

    static Object power(Object a, Object b) {
        if (!floats(a, b) && index(b).signum() >= 0) {
            return integerPower(index(a), index(b));
        }
        double base = asDouble(a);
        double exponent = asDouble(b);
        if (base == 0 && exponent < 0) {
            throw TemplateException.arithmetic("0.0 cannot be raised to a negative power");
        }
        if (base < 0 && exponent != Math.rint(exponent) && !Double.isInfinite(base)) {
            throw TemplateException.type("complex numbers are not supported");
        }
        if (base == 1) {
            return 1.0;
        }
        if (base == -1 && Double.isInfinite(exponent)) {
            return 1.0;
        }
        double power = Math.pow(base, exponent);
        if (Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
            throw TemplateException.arithmetic("result too large");
        }
        return power;
    }

    private static BigInteger integerPower(BigInteger base, BigInteger exponent) {
        if (base.abs().compareTo(BigInteger.ONE) <= 0) {
            return base.signum() >= 0 || exponent.testBit(0)
                    ? exponent.signum() == 0 ? BigInteger.ONE : base
                    : BigInteger.ONE;
        }
        if (exponent.bitLength() > 31 || (base.bitLength() - 1L) * exponent.intValue() > TemplateLimits.INTEGER_BITS) {
            throw tooLarge();
        }
        return checked(base.pow(exponent.intValue()));
    }

    /**
     * @throws TemplateException of kind TYPE if the value is not a number
     */
    static Object negate(Object value) {
        return switch (value) {
            case Double number -> -number;
            case BigInteger integer -> integer.negate();
            case Boolean bool -> index(bool).negate();
            default -> throw wrongOperand("unary -", value);
        };
    }

    static Object plus(Object value) {
        return switch (value) {
            case Double number -> number;
            case BigInteger integer -> integer;
            case Boolean bool -> index(bool);
            default -> throw wrongOperand("unary +", value);
        };
    }

    static Object absolute(Object value) {
        return switch (value) {
            case Double number -> Math.abs(number);
            case BigInteger integer -> integer.abs();
            case Boolean bool -> index(bool);
            default -> throw TemplateException.type("bad operand type for abs(): '" + Types.name(value) + "'");
        };
    }

    private static TemplateException wrongOperand(String operator, Object value) {
        Undefined.refuse(value);
        return TemplateException.type("bad operand type for " + operator + ": '" + Types.name(value) + "'");
    }

    /** {@code round()}: exact halves go to the even neighbour. */
    static Object round(Object value, Object digits) {
        if (!Types.isNumber(value)) {
            throw TemplateException.type("type " + Types.name(value) + " doesn't define __round__ method");
        }
        BigInteger places = index(digits);
        if (places == null && digits != None.NONE) {
            throw TemplateException.type("'" + Types.name(digits) + "' object cannot be interpreted as an integer");
        }
        if (value instanceof Double number) {
            return places == null
                    ? toInteger(number, RoundingMode.HALF_EVEN)
                    : (Object) rounded(number, clamped(places));
        }
        BigInteger integer = index(value);
        if (places == null || places.signum() >= 0) {
            return integer;
        }
        if (places.negate().compareTo(BigInteger.valueOf(integer.bitLength())) > 0) {
            return BigInteger.ZERO;
        }
        return new BigDecimal(integer)
                .setScale(places.intValue(), RoundingMode.HALF_EVEN)
                .toBigInteger();
    }

    private static double rounded(double number, int places) {
        if (Double.isNaN(number) || Double.isInfinite(number) || places > 323) {
            return number;
        }
        if (places < -308) {
            return Math.copySign(0.0, number);
        }
        double rounded =
                new BigDecimal(number).setScale(places, RoundingMode.HALF_EVEN).doubleValue();
        if (Double.isInfinite(rounded)) {
            throw TemplateException.arithmetic("rounded value too large to represent");
        }
        return rounded == 0 ? Math.copySign(0.0, number) : rounded;
    }

    /**
     * The integer next to a float.
     *
     * @throws TemplateException of kind VALUE for NaN, of kind ARITHMETIC for infinity
     */
    static BigInteger toInteger(double number, RoundingMode mode) {
        if (Double.isNaN(number)) {
            throw TemplateException.value("cannot convert float NaN to integer");
        }
        if (Double.isInfinite(number)) {
            throw TemplateException.arithmetic("cannot convert float infinity to integer");
        }
        return new BigDecimal(number).setScale(0, mode).toBigInteger();
    }
}

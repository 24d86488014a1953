package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;

/** Python's {@code range}. */
record RangeValue(BigInteger start, BigInteger stop, BigInteger step, int size) {

    static RangeValue of(BigInteger start, BigInteger stop, BigInteger step) {
        if (step.signum() == 0) {
            throw TemplateException.value("range() arg 3 must not be zero");
        }
        BigInteger span = step.signum() > 0 ? stop.subtract(start) : start.subtract(stop);
        BigInteger count = span.signum() <= 0
                ? BigInteger.ZERO
                : span.subtract(BigInteger.ONE).divide(step.abs()).add(BigInteger.ONE);
        if (count.compareTo(BigInteger.valueOf(TemplateLimits.RANGE_NUMBERS)) > 0) {
            throw TemplateException.arithmetic("range too big: at most " + TemplateLimits.RANGE_NUMBERS + " numbers");
        }
        return new RangeValue(start, stop, step, count.intValue());
    }

    BigInteger get(int index) {
        return start.add(step.multiply(BigInteger.valueOf(index)));
    }

    List<Object> items() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return RangeValue.this.get(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeValue range
                && size == range.size
                && (size == 0 || start.equals(range.start) && (size == 1 || step.equals(range.step)));
    }

    @Override
    public int hashCode() {
        return size == 0 ? 0 : 31 * size + start.hashCode();
    }
}

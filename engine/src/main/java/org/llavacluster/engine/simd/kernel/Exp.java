package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The exponential function with the same bits on every processor, within 2 units in the last place of a float. */
final class Exp {

    /** Results are 0 below this: it is the smallest argument whose power of two is a normal number. */
    private static final float LOWEST = -87.33f;

    /** Larger arguments give the result of this one, 2.3e38. That is enough for 1 / (1 + exp). */
    private static final float HIGHEST = 88.3f;

    private static final float LOG2_E = (float) (1 / Math.log(2));
    /** ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = (float) (Math.log(2) - 0.693359375);
    /** 1.5 * 2^23: adding it leaves the nearest integer in the lowest bits. */
    private static final float ROUNDER = 12582912f;

    private Exp() {}

    /**
     * exp(x) = 2^n * exp(r) with n = round(x / ln 2); exp(r) by its Taylor series, whose first missing term is at most
     * (ln 2 / 2)^8 / 8! = 5e-9.
     */
    static FloatVector of(FloatVector x) {
        FloatVector bounded = x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST));
        FloatVector shifted =
                bounded.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), bounded);
        r = n.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
        FloatVector sum = r.fma(FloatVector.broadcast(FLOATS, 1f / 5040), FloatVector.broadcast(FLOATS, 1f / 720));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f / 120));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f / 24));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f / 6));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f / 2));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f));
        sum = sum.fma(r, FloatVector.broadcast(FLOATS, 1f));
        IntVector power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Float.floatToRawIntBits(1f));
        return sum.mul(power.reinterpretAsFloats()).blend(0f, x.compare(VectorOperators.LT, LOWEST));
    }
}

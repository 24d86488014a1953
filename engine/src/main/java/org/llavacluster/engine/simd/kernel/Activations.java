package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Activation functions between linear layers. Input and output may be the same array. */
public final class Activations {

    private static final float ROOT_HALF = (float) Math.sqrt(0.5);

    private Activations() {}

    /** {@code y = x / (1 + exp(-1.702 x))}. */
    public static void quickGelu(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            quickGelu(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            quickGelu(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    /** {@code y = x * (1 + erf(x / sqrt 2)) / 2}. */
    public static void gelu(float[] x, int xAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            gelu(FloatVector.fromArray(FLOATS, x, xAt + i)).intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            gelu(FloatVector.fromArray(FLOATS, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    /** {@code y = gate / (1 + exp(-gate)) * up}. */
    public static void siluGate(float[] gate, int gateAt, float[] up, int upAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            FloatVector g = FloatVector.fromArray(FLOATS, gate, gateAt + i);
            silu(g).mul(FloatVector.fromArray(FLOATS, up, upAt + i)).intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            FloatVector g = FloatVector.fromArray(FLOATS, gate, gateAt + i, rest);
            silu(g).mul(FloatVector.fromArray(FLOATS, up, upAt + i, rest)).intoArray(y, yAt + i, rest);
        }
    }

    private static FloatVector silu(FloatVector x) {
        return x.div(Exp.of(x.neg()).add(1f));
    }

    private static FloatVector quickGelu(FloatVector x) {
        return x.div(Exp.of(x.mul(-1.702f)).add(1f));
    }

    /**
     * Half of {@code 1 - erf(|x| / sqrt 2)}, the tail of the normal distribution beyond |x|, by Abramowitz and Stegun
     * 7.1.26. Its error is at most 1.5e-7.
     */
    private static FloatVector gelu(FloatVector x) {
        FloatVector z = x.abs().mul(ROOT_HALF);
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        FloatVector t = one.div(z.fma(FloatVector.broadcast(FLOATS, 0.3275911f), one));
        FloatVector series =
                t.fma(FloatVector.broadcast(FLOATS, 1.061405429f), FloatVector.broadcast(FLOATS, -1.453152027f));
        series = series.fma(t, FloatVector.broadcast(FLOATS, 1.421413741f));
        series = series.fma(t, FloatVector.broadcast(FLOATS, -0.284496736f));
        series = series.fma(t, FloatVector.broadcast(FLOATS, 0.254829592f));
        FloatVector tail = series.mul(t).mul(Exp.of(z.mul(z).neg())).mul(0.5f);
        FloatVector below = one.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
        return x.mul(below);
    }
}

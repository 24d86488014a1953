package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Rotary position embedding of one head (arXiv 2104.09864). */
public final class RotaryKernel {

    private RotaryKernel() {}

    /**
     * Rotates the pairs (i, i + half) of one head: {@code y[i] = x[i] cos[i] - x[i + half] sin[i]}, {@code y[i + half]
     * = x[i + half] cos[i] + x[i] sin[i]}. y may be x.
     *
     * @param turns cosines and sines, [2][half] from {@code at}
     */
    public static void rotate(float[] x, int xAt, float[] turns, int at, int half, float[] y, int yAt) {
        int i = 0;
        for (; i <= half - COUNT; i += COUNT) {
            FloatVector a = FloatVector.fromArray(FLOATS, x, xAt + i);
            FloatVector b = FloatVector.fromArray(FLOATS, x, xAt + half + i);
            FloatVector cos = FloatVector.fromArray(FLOATS, turns, at + i);
            FloatVector sin = FloatVector.fromArray(FLOATS, turns, at + half + i);
            b.neg().fma(sin, a.mul(cos)).intoArray(y, yAt + i);
            a.fma(sin, b.mul(cos)).intoArray(y, yAt + half + i);
        }
        if (i < half) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, half);
            FloatVector a = FloatVector.fromArray(FLOATS, x, xAt + i, rest);
            FloatVector b = FloatVector.fromArray(FLOATS, x, xAt + half + i, rest);
            FloatVector cos = FloatVector.fromArray(FLOATS, turns, at + i, rest);
            FloatVector sin = FloatVector.fromArray(FLOATS, turns, at + half + i, rest);
            b.neg().fma(sin, a.mul(cos)).intoArray(y, yAt + i, rest);
            a.fma(sin, b.mul(cos)).intoArray(y, yAt + half + i, rest);
        }
    }
}

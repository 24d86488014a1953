package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Normalisation of one row. Sums are kept in {@link Lanes#PANEL} partial sums: element i goes to partial sum i mod 16.
 */
public final class Norms {

    private Norms() {}

    /** {@code (x - mean) / sqrt(variance + eps) * scale + shift}; y may be x. */
    public static void layer(
            float[] x,
            int xAt,
            int count,
            float[] scale,
            float[] shift,
            float eps,
            float[] y,
            int yAt,
            float[] partial) {
        float mean = sum(x, xAt, count, partial) / count;
        float variance = squares(x, xAt, count, mean, partial) / count;
        float factor = 1 / (float) Math.sqrt(variance + eps);
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, xAt + i)
                    .sub(mean)
                    .mul(factor)
                    .fma(FloatVector.fromArray(FLOATS, scale, i), FloatVector.fromArray(FLOATS, shift, i))
                    .intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            FloatVector.fromArray(FLOATS, x, xAt + i, rest)
                    .sub(mean)
                    .mul(factor)
                    .fma(FloatVector.fromArray(FLOATS, scale, i, rest), FloatVector.fromArray(FLOATS, shift, i, rest))
                    .intoArray(y, yAt + i, rest);
        }
    }

    /** {@code x / sqrt(mean(x^2) + eps) * scale}; y may be x. */
    public static void rms(
            float[] x, int xAt, int count, float[] scale, float eps, float[] y, int yAt, float[] partial) {
        float factor = 1 / (float) Math.sqrt(squares(x, xAt, count, 0, partial) / count + eps);
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, x, xAt + i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(FLOATS, scale, i))
                    .intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            FloatVector.fromArray(FLOATS, x, xAt + i, rest)
                    .mul(factor)
                    .mul(FloatVector.fromArray(FLOATS, scale, i, rest))
                    .intoArray(y, yAt + i, rest);
        }
    }

    private static float sum(float[] x, int at, int count, float[] partial) {
        int whole = count - count % PANEL;
        for (int part = 0; part < PANEL; part += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = part; i < whole; i += PANEL) {
                sum = sum.add(FloatVector.fromArray(FLOATS, x, at + i));
            }
            sum.intoArray(partial, part);
        }
        for (int i = whole; i < count; i++) {
            partial[i - whole] += x[at + i];
        }
        return tree(partial);
    }

    /** The sum of (x - mean)^2. */
    private static float squares(float[] x, int at, int count, float mean, float[] partial) {
        int whole = count - count % PANEL;
        for (int part = 0; part < PANEL; part += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = part; i < whole; i += PANEL) {
                FloatVector d = FloatVector.fromArray(FLOATS, x, at + i).sub(mean);
                sum = d.fma(d, sum);
            }
            sum.intoArray(partial, part);
        }
        for (int i = whole; i < count; i++) {
            float d = x[at + i] - mean;
            partial[i - whole] = Math.fma(d, d, partial[i - whole]);
        }
        return tree(partial);
    }

    /** The sum of the partial sums, added pairwise. */
    static float tree(float[] partial) {
        for (int half = PANEL / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                partial[i] += partial[i + half];
            }
        }
        return partial[0];
    }
}

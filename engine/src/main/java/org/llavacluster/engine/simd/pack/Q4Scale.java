package org.llavacluster.engine.simd.pack;

import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;

/**
 * Chooses the scale of a q4_0 block: of several candidates the one with the least squared error. The value of largest
 * magnitude becomes -8 or, with a larger scale, 7; slightly smaller scales clip it in favour of the other values.
 */
final class Q4Scale {

    /** What the value of largest magnitude is divided by, with its sign. */
    private static final float[] DIVISORS = {-8f, -8.5f, -7.5f, -9f, -7f, 7f};

    private Q4Scale() {}

    /** The bfloat16 scale for {@code rows[from .. to - 1]}. */
    static short of(float[] rows, int from, int to) {
        float extreme = 0;
        for (int i = from; i < to; i++) {
            extreme = Math.abs(rows[i]) > Math.abs(extreme) ? rows[i] : extreme;
        }
        if (extreme == 0) {
            return 0;
        }
        short best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (float divisor : DIVISORS) {
            short scale = FloatConversion.narrow(DType.BF16, extreme / divisor);
            double error = error(rows, from, to, Float.intBitsToFloat(scale << 16));
            if (error < least) {
                best = scale;
                least = error;
            }
        }
        return best;
    }

    /** 0 .. 15, for the value {@code scale * (q - 8)}. */
    static int quantised(float value, float scale) {
        return scale == 0 ? 8 : Math.clamp(Math.round(value / scale) + 8L, 0, 15);
    }

    private static double error(float[] rows, int from, int to, float scale) {
        double error = 0;
        for (int i = from; i < to; i++) {
            double off = scale * (quantised(rows[i], scale) - 8) - (double) rows[i];
            error += off * off;
        }
        return error;
    }
}

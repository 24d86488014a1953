package org.llavacluster.engine.simd.pack;

import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;

/**
 * The scale of a block of q4_0: of some candidates the one whose squared error is least. The value of largest magnitude may become
 * -8 or, with a larger step, 7; steps a little smaller than that cut it off for the sake of all others.
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

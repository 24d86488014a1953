package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

/** Steps of packing a panel that all formats share. */
final class Panels {

    private Panels() {}

    /** [16, depth] -> [depth, 16]. */
    static float[] turned(float[] rows, int depth) {
        float[] turned = new float[depth * PANEL];
        for (int lane = 0; lane < PANEL; lane++) {
            for (int k = 0; k < depth; k++) {
                turned[k * PANEL + lane] = rows[lane * depth + k];
            }
        }
        return turned;
    }

    /** The largest magnitude in {@code rows[from .. to - 1]}. */
    static float largest(float[] rows, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(rows[i]));
        }
        return largest;
    }

    /** The upper half of the smallest bfloat16 that is at least {@code value}, which is positive. */
    static short roundedUp(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0xffff >>> 16);
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Q4Block.EVEN;
import static org.llavacluster.engine.simd.kernel.Q4Block.EVEN_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.GROUPS;
import static org.llavacluster.engine.simd.kernel.Q4Block.GROUP_BYTES;
import static org.llavacluster.engine.simd.kernel.Q4Block.ODD;
import static org.llavacluster.engine.simd.kernel.Q4Block.ODD_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.PAIRS;
import static org.llavacluster.engine.simd.kernel.Q4Block.PAIR_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.SCALE_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Turns stored weights into floats. {@link Gemv} says why the code is written out. */
public final class Dequantisation {

    private Dequantisation() {}

    /** {@code count} bfloat16 numbers, a multiple of 16. */
    public static void bfloats(MemorySegment from, long offset, float[] to, int at, int count) {
        for (int i = 0; i < count; i += COUNT) {
            IntVector bits = (IntVector)
                    ShortVector.fromMemorySegment(SHORTS, from, offset + (long) i * Short.BYTES, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(to, at + i);
        }
    }

    /**
     * Turns a q8_0 block of 16 columns into floats: scale times byte.
     *
     * @param scales where the 16 bfloat16 scales are
     * @param bytes where the bytes are, [count, 16]
     */
    public static void bytes(MemorySegment from, long scales, long bytes, int count, float[] to, int at) {
        for (int part = 0; part < PANEL; part += COUNT) {
            IntVector bits = (IntVector)
                    ShortVector.fromMemorySegment(SHORTS, from, scales + (long) part * Short.BYTES, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector scale = bits.lanewise(LSHL, 16).reinterpretAsFloats();
            for (int k = 0; k < count; k++) {
                FloatVector q =
                        (FloatVector) ByteVector.fromMemorySegment(BYTES, from, bytes + k * PANEL + part, LITTLE_ENDIAN)
                                .convertShape(B2F, FLOATS, 0);
                q.mul(scale).intoArray(to, at + k * PANEL + part);
            }
        }
    }

    /**
     * Turns a q4_0 block of 16 columns into the floats {@code one + q} that {@link Q4Block} describes, and their
     * scales.
     *
     * @param block where the block begins
     * @param to the floats [32, 16] from {@code at} on, the scales [16] from {@code scalesAt}
     */
    public static void nibbles(MemorySegment from, long block, float[] to, int at, int scalesAt) {
        bfloats(from, block, to, scalesAt, PANEL);
        long ints = block + SCALE_BYTES;
        for (int part = 0; part < PANEL; part += COUNT) {
            for (int group = 0; group < GROUPS; group++) {
                IntVector w = IntVector.fromMemorySegment(
                        INTS, from, ints + group * GROUP_BYTES + part * Integer.BYTES, LITTLE_ENDIAN);
                int k = at + group * 2 * PAIRS * PANEL + part;
                for (int pair = 0; pair < PAIRS; pair++, k += 2 * PANEL) {
                    w.and(EVEN).or(EVEN_BITS).reinterpretAsFloats().intoArray(to, k);
                    w.and(ODD).or(ODD_BITS).reinterpretAsFloats().intoArray(to, k + PANEL);
                    w = w.lanewise(ROL, PAIR_BITS);
                }
            }
        }
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP_BYTES;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.SHIFT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Stored numbers made floats. On how calls are written, see {@link Gemv}. */
public final class Widening {

    private Widening() {}

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
     * A block of 16 columns: scale times byte.
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
     * A block of 16 columns: scale times (half byte - 8).
     *
     * @param scales where the 16 bfloat16 scales are
     * @param ints where the ints of the first group are
     */
    public static void nibbles(MemorySegment from, long scales, long ints, int count, float[] to, int at) {
        int whole = count - count % GROUP;
        for (int part = 0; part < PANEL; part += COUNT) {
            IntVector bits = (IntVector)
                    ShortVector.fromMemorySegment(SHORTS, from, scales + (long) part * Short.BYTES, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector scale = bits.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low = scale.mul(-LOW_ONE - 8);
            FloatVector middle = scale.mul(-MIDDLE_ONE - 8);
            FloatVector high = scale.mul(-HIGH_ONE - 8);
            long group = ints + (long) part * Integer.BYTES;
            int y = at + part;
            for (int k = 0; k < whole; k += GROUP, group += GROUP_BYTES, y += GROUP * PANEL) {
                IntVector here = IntVector.fromMemorySegment(INTS, from, group, LITTLE_ENDIAN);
                IntVector left = here.lanewise(LSHL, SHIFT);
                IntVector right = here.lanewise(LSHR, SHIFT);
                left.and(MIDDLE)
                        .or(MIDDLE_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, middle)
                        .intoArray(to, y);
                left.and(HIGH)
                        .or(HIGH_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, high)
                        .intoArray(to, y + PANEL);
                here.and(LOW).or(LOW_BITS).reinterpretAsFloats().fma(scale, low).intoArray(to, y + 2 * PANEL);
                here.and(MIDDLE)
                        .or(MIDDLE_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, middle)
                        .intoArray(to, y + 3 * PANEL);
                here.and(HIGH)
                        .or(HIGH_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, high)
                        .intoArray(to, y + 4 * PANEL);
                right.and(LOW)
                        .or(LOW_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, low)
                        .intoArray(to, y + 5 * PANEL);
                right.and(MIDDLE)
                        .or(MIDDLE_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, middle)
                        .intoArray(to, y + 6 * PANEL);
                right.and(HIGH)
                        .or(HIGH_BITS)
                        .reinterpretAsFloats()
                        .fma(scale, high)
                        .intoArray(to, y + 7 * PANEL);
            }
            for (int k = whole; k < count; k++, y += PANEL) {
                IntVector here = IntVector.fromMemorySegment(INTS, from, group, LITTLE_ENDIAN);
                FloatVector q = (FloatVector)
                        here.lanewise(LSHR, 4 * (k - whole)).and(15).convertShape(I2F, FLOATS, 0);
                q.fma(scale, scale.mul(-8)).intoArray(to, y);
            }
        }
    }
}

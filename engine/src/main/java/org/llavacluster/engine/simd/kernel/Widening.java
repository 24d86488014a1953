package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;

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
}

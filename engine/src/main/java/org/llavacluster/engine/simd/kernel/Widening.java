package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Stored numbers made floats. */
public final class Widening {

    /** As many bytes as there are lanes; eight where those would be four, for which there is no vector. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, COUNT == PANEL ? VectorShape.S_128_BIT : VectorShape.S_64_BIT);

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

    private Widening() {}

    /** {@code count} bfloat16 numbers, a multiple of 16. */
    public static void bfloats(MemorySegment from, long offset, float[] to, int at, int count) {
        for (int i = 0; i < count; i += COUNT) {
            bfloats(from, offset + (long) i * Short.BYTES).intoArray(to, at + i);
        }
    }

    /** One vector of bfloat16 numbers. */
    static FloatVector bfloats(MemorySegment from, long offset) {
        ShortVector halves = ShortVector.fromMemorySegment(SHORTS, from, offset, ByteOrder.LITTLE_ENDIAN);
        IntVector bits = (IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /**
     * A block of 16 columns: scale times byte.
     *
     * @param scales where the 16 bfloat16 scales are
     * @param bytes where the bytes are, [count, 16]
     */
    public static void bytes(MemorySegment from, long scales, long bytes, int count, float[] to, int at) {
        for (int part = 0; part < PANEL; part += COUNT) {
            FloatVector scale = bfloats(from, scales + (long) part * Short.BYTES);
            for (int k = 0; k < count; k++) {
                bytes(from, bytes + k * PANEL + part).mul(scale).intoArray(to, at + k * PANEL + part);
            }
        }
    }

    /** One vector of signed bytes. */
    static FloatVector bytes(MemorySegment from, long offset) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, offset, ByteOrder.LITTLE_ENDIAN);
        return (FloatVector) bytes.convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    /**
     * A block of 16 columns: scale times (half byte - 8).
     *
     * @param scales where the 16 bfloat16 scales are
     * @param pairs where the half bytes are, [count / 2, 16], two k in a byte
     */
    public static void nibbles(MemorySegment from, long scales, long pairs, int count, float[] to, int at) {
        for (int part = 0; part < PANEL; part += COUNT) {
            FloatVector scale = bfloats(from, scales + (long) part * Short.BYTES);
            FloatVector offset = scale.mul(-8f);
            for (int k = 0; k < count; k += 2) {
                IntVector pair = pair(from, pairs + k / 2 * PANEL + part);
                int y = at + k * PANEL + part;
                lower(pair, scale, offset).intoArray(to, y);
                if (k + 1 < count) {
                    upper(pair, scale, offset).intoArray(to, y + PANEL);
                }
            }
        }
    }

    static IntVector pair(MemorySegment from, long offset) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, from, offset, ByteOrder.LITTLE_ENDIAN);
        return (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** {@code scale * q + offset} with {@code offset = -8 scale}, which is exact: the same as {@code scale * (q - 8)}, in one step. */
    static FloatVector lower(IntVector pair, FloatVector scale, FloatVector offset) {
        FloatVector q = (FloatVector) pair.and(15).convertShape(VectorOperators.I2F, FLOATS, 0);
        return q.fma(scale, offset);
    }

    static FloatVector upper(IntVector pair, FloatVector scale, FloatVector offset) {
        FloatVector q =
                (FloatVector) pair.lanewise(VectorOperators.LSHR, 4).convertShape(VectorOperators.I2F, FLOATS, 0);
        return q.fma(scale, offset);
    }
}

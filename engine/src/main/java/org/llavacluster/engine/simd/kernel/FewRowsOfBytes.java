package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Bytes.BLOCK;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * A few rows times two vectors of columns, straight from one block of {@link Bytes}: what decoding a few sequences together spends
 * its time on. Making floats of a weight costs as much as multiplying it with some rows, and here both go on while the next weights
 * are on their way from memory. The floats and the chains are those of {@link Widening} and {@link Tile}; on how calls are written,
 * see {@link Gemv}.
 */
public final class FewRowsOfBytes {

    private FewRowsOfBytes() {}

    /**
     * Goes on with the chains that y holds.
     *
     * @param rows 2, 4 or 8
     * @param x [depth][rows]
     * @param first k of the block's first values
     * @param a where the first vector's scales are, in bytes; b likewise
     * @param aBytes where its bytes are; bBytes likewise
     * @param y [rows][2 vectors] of sums, from {@code at} on
     */
    public static void multiply(
            int rows,
            float[] x,
            int first,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            float[] y,
            int at) {
        switch (rows) {
            case 2 -> rows2(x, first, w, a, aBytes, b, bBytes, y, at);
            case 4 -> rows4(x, first, w, a, aBytes, b, bBytes, y, at);
            case 8 -> EightRowsOfBytes.multiply(x, first, w, a, aBytes, b, bBytes, y, at);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows2(
            float[] x, int first, MemorySegment w, long a, long aBytes, long b, long bBytes, float[] y, int at) {
        IntVector aBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, a, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector aScale = aBits.lanewise(LSHL, 16).reinterpretAsFloats();
        IntVector bBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, b, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector bScale = bBits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, at + COUNT);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS + COUNT);
        for (int k = 0, i = first * 2; k < BLOCK; k++, i += 2) {
            FloatVector p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + k * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            FloatVector q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + k * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 1]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
        }
        u0.intoArray(y, at);
        v0.intoArray(y, at + COUNT);
        u1.intoArray(y, at + COLUMNS);
        v1.intoArray(y, at + COLUMNS + COUNT);
    }

    private static void rows4(
            float[] x, int first, MemorySegment w, long a, long aBytes, long b, long bBytes, float[] y, int at) {
        IntVector aBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, a, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector aScale = aBits.lanewise(LSHL, 16).reinterpretAsFloats();
        IntVector bBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, b, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector bScale = bBits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, at + COUNT);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS + COUNT);
        FloatVector u2 = FloatVector.fromArray(FLOATS, y, at + 2 * COLUMNS);
        FloatVector v2 = FloatVector.fromArray(FLOATS, y, at + 2 * COLUMNS + COUNT);
        FloatVector u3 = FloatVector.fromArray(FLOATS, y, at + 3 * COLUMNS);
        FloatVector v3 = FloatVector.fromArray(FLOATS, y, at + 3 * COLUMNS + COUNT);
        for (int k = 0, i = first * 4; k < BLOCK; k++, i += 4) {
            FloatVector p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + k * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            FloatVector q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + k * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 1]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 2]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 3]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
        }
        u0.intoArray(y, at);
        v0.intoArray(y, at + COUNT);
        u1.intoArray(y, at + COLUMNS);
        v1.intoArray(y, at + COLUMNS + COUNT);
        u2.intoArray(y, at + 2 * COLUMNS);
        v2.intoArray(y, at + 2 * COLUMNS + COUNT);
        u3.intoArray(y, at + 3 * COLUMNS);
        v3.intoArray(y, at + 3 * COLUMNS + COUNT);
    }
}

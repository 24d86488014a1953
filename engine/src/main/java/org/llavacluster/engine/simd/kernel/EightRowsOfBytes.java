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
 * Eight rows times two vectors of columns, one block: {@link FewRowsOfBytes}. Where there are 16 registers, one vector after the other,
 * for both together would spill: 0.57 of the FMA peak with AVX2, from the second cache, instead of 0.47.
 */
final class EightRowsOfBytes {

    private EightRowsOfBytes() {}

    /** As {@link FewRowsOfBytes#multiply} says. */
    static void multiply(
            float[] x, int first, MemorySegment w, long a, long aBytes, long b, long bBytes, float[] y, int at) {
        if (Tile.MOST_ROWS < 8) {
            oneVector(x, first, w, a, aBytes, y, at);
            oneVector(x, first, w, b, bBytes, y, at + COUNT);
        } else {
            twoVectors(x, first, w, a, aBytes, b, bBytes, y, at);
        }
    }

    private static void oneVector(float[] x, int first, MemorySegment w, long a, long aBytes, float[] y, int at) {
        IntVector aBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, a, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector aScale = aBits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS);
        FloatVector u2 = FloatVector.fromArray(FLOATS, y, at + 2 * COLUMNS);
        FloatVector u3 = FloatVector.fromArray(FLOATS, y, at + 3 * COLUMNS);
        FloatVector u4 = FloatVector.fromArray(FLOATS, y, at + 4 * COLUMNS);
        FloatVector u5 = FloatVector.fromArray(FLOATS, y, at + 5 * COLUMNS);
        FloatVector u6 = FloatVector.fromArray(FLOATS, y, at + 6 * COLUMNS);
        FloatVector u7 = FloatVector.fromArray(FLOATS, y, at + 7 * COLUMNS);
        for (int k = 0, i = first * 8; k < BLOCK; k++, i += 8) {
            FloatVector p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + k * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
            u0 = e.fma(p, u0);
            e = FloatVector.broadcast(FLOATS, x[i + 1]);
            u1 = e.fma(p, u1);
            e = FloatVector.broadcast(FLOATS, x[i + 2]);
            u2 = e.fma(p, u2);
            e = FloatVector.broadcast(FLOATS, x[i + 3]);
            u3 = e.fma(p, u3);
            e = FloatVector.broadcast(FLOATS, x[i + 4]);
            u4 = e.fma(p, u4);
            e = FloatVector.broadcast(FLOATS, x[i + 5]);
            u5 = e.fma(p, u5);
            e = FloatVector.broadcast(FLOATS, x[i + 6]);
            u6 = e.fma(p, u6);
            e = FloatVector.broadcast(FLOATS, x[i + 7]);
            u7 = e.fma(p, u7);
        }
        u0.intoArray(y, at);
        u1.intoArray(y, at + COLUMNS);
        u2.intoArray(y, at + 2 * COLUMNS);
        u3.intoArray(y, at + 3 * COLUMNS);
        u4.intoArray(y, at + 4 * COLUMNS);
        u5.intoArray(y, at + 5 * COLUMNS);
        u6.intoArray(y, at + 6 * COLUMNS);
        u7.intoArray(y, at + 7 * COLUMNS);
    }

    private static void twoVectors(
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
        FloatVector u4 = FloatVector.fromArray(FLOATS, y, at + 4 * COLUMNS);
        FloatVector v4 = FloatVector.fromArray(FLOATS, y, at + 4 * COLUMNS + COUNT);
        FloatVector u5 = FloatVector.fromArray(FLOATS, y, at + 5 * COLUMNS);
        FloatVector v5 = FloatVector.fromArray(FLOATS, y, at + 5 * COLUMNS + COUNT);
        FloatVector u6 = FloatVector.fromArray(FLOATS, y, at + 6 * COLUMNS);
        FloatVector v6 = FloatVector.fromArray(FLOATS, y, at + 6 * COLUMNS + COUNT);
        FloatVector u7 = FloatVector.fromArray(FLOATS, y, at + 7 * COLUMNS);
        FloatVector v7 = FloatVector.fromArray(FLOATS, y, at + 7 * COLUMNS + COUNT);
        for (int k = 0, i = first * 8; k < BLOCK; k++, i += 8) {
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
            e = FloatVector.broadcast(FLOATS, x[i + 4]);
            u4 = e.fma(p, u4);
            v4 = e.fma(q, v4);
            e = FloatVector.broadcast(FLOATS, x[i + 5]);
            u5 = e.fma(p, u5);
            v5 = e.fma(q, v5);
            e = FloatVector.broadcast(FLOATS, x[i + 6]);
            u6 = e.fma(p, u6);
            v6 = e.fma(q, v6);
            e = FloatVector.broadcast(FLOATS, x[i + 7]);
            u7 = e.fma(p, u7);
            v7 = e.fma(q, v7);
        }
        u0.intoArray(y, at);
        v0.intoArray(y, at + COUNT);
        u1.intoArray(y, at + COLUMNS);
        v1.intoArray(y, at + COLUMNS + COUNT);
        u2.intoArray(y, at + 2 * COLUMNS);
        v2.intoArray(y, at + 2 * COLUMNS + COUNT);
        u3.intoArray(y, at + 3 * COLUMNS);
        v3.intoArray(y, at + 3 * COLUMNS + COUNT);
        u4.intoArray(y, at + 4 * COLUMNS);
        v4.intoArray(y, at + 4 * COLUMNS + COUNT);
        u5.intoArray(y, at + 5 * COLUMNS);
        v5.intoArray(y, at + 5 * COLUMNS + COUNT);
        u6.intoArray(y, at + 6 * COLUMNS);
        v6.intoArray(y, at + 6 * COLUMNS + COUNT);
        u7.intoArray(y, at + 7 * COLUMNS);
        v7.intoArray(y, at + 7 * COLUMNS + COUNT);
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Q8Block.BLOCK;
import static org.llavacluster.engine.simd.kernel.Q8Block.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Q8Block.SCALES_BYTES;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** The eight-row case of {@link Q8SmallBatch}, for processors with 32 vector registers. */
final class Q8EightRows {

    private Q8EightRows() {}

    /** Same contract as {@link Q8SmallBatch#multiply}. */
    static void multiply(
            float[] x, int xAt, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        long aBytes = a + SCALES_BYTES + lane;
        long bBytes = b + SCALES_BYTES + lane;
        long aScales = a + lane * Short.BYTES;
        long bScales = b + lane * Short.BYTES;
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, aAt);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, bAt);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, aAt + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, bAt + COLUMNS);
        FloatVector u2 = FloatVector.fromArray(FLOATS, y, aAt + 2 * COLUMNS);
        FloatVector v2 = FloatVector.fromArray(FLOATS, y, bAt + 2 * COLUMNS);
        FloatVector u3 = FloatVector.fromArray(FLOATS, y, aAt + 3 * COLUMNS);
        FloatVector v3 = FloatVector.fromArray(FLOATS, y, bAt + 3 * COLUMNS);
        FloatVector u4 = FloatVector.fromArray(FLOATS, y, aAt + 4 * COLUMNS);
        FloatVector v4 = FloatVector.fromArray(FLOATS, y, bAt + 4 * COLUMNS);
        FloatVector u5 = FloatVector.fromArray(FLOATS, y, aAt + 5 * COLUMNS);
        FloatVector v5 = FloatVector.fromArray(FLOATS, y, bAt + 5 * COLUMNS);
        FloatVector u6 = FloatVector.fromArray(FLOATS, y, aAt + 6 * COLUMNS);
        FloatVector v6 = FloatVector.fromArray(FLOATS, y, bAt + 6 * COLUMNS);
        FloatVector u7 = FloatVector.fromArray(FLOATS, y, aAt + 7 * COLUMNS);
        FloatVector v7 = FloatVector.fromArray(FLOATS, y, bAt + 7 * COLUMNS);
        for (int step = 0, i = xAt; step < blocks * (BLOCK / 4); step++, i += 32) {
            long block = (long) (step / (BLOCK / 4)) * BLOCK_BYTES;
            long at = block + step % (BLOCK / 4) * (4 * PANEL);
            FloatVector aScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, aScales + block, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector bScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, bScales + block, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            FloatVector q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at, LITTLE_ENDIAN)
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 8]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 9]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 10]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 11]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            e = FloatVector.broadcast(FLOATS, x[i + 12]);
            u4 = e.fma(p, u4);
            v4 = e.fma(q, v4);
            e = FloatVector.broadcast(FLOATS, x[i + 13]);
            u5 = e.fma(p, u5);
            v5 = e.fma(q, v5);
            e = FloatVector.broadcast(FLOATS, x[i + 14]);
            u6 = e.fma(p, u6);
            v6 = e.fma(q, v6);
            e = FloatVector.broadcast(FLOATS, x[i + 15]);
            u7 = e.fma(p, u7);
            v7 = e.fma(q, v7);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 2 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 2 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 16]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 17]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 18]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 19]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            e = FloatVector.broadcast(FLOATS, x[i + 20]);
            u4 = e.fma(p, u4);
            v4 = e.fma(q, v4);
            e = FloatVector.broadcast(FLOATS, x[i + 21]);
            u5 = e.fma(p, u5);
            v5 = e.fma(q, v5);
            e = FloatVector.broadcast(FLOATS, x[i + 22]);
            u6 = e.fma(p, u6);
            v6 = e.fma(q, v6);
            e = FloatVector.broadcast(FLOATS, x[i + 23]);
            u7 = e.fma(p, u7);
            v7 = e.fma(q, v7);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 24]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 25]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 26]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 27]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            e = FloatVector.broadcast(FLOATS, x[i + 28]);
            u4 = e.fma(p, u4);
            v4 = e.fma(q, v4);
            e = FloatVector.broadcast(FLOATS, x[i + 29]);
            u5 = e.fma(p, u5);
            v5 = e.fma(q, v5);
            e = FloatVector.broadcast(FLOATS, x[i + 30]);
            u6 = e.fma(p, u6);
            v6 = e.fma(q, v6);
            e = FloatVector.broadcast(FLOATS, x[i + 31]);
            u7 = e.fma(p, u7);
            v7 = e.fma(q, v7);
        }
        u0.intoArray(y, aAt);
        v0.intoArray(y, bAt);
        u1.intoArray(y, aAt + COLUMNS);
        v1.intoArray(y, bAt + COLUMNS);
        u2.intoArray(y, aAt + 2 * COLUMNS);
        v2.intoArray(y, bAt + 2 * COLUMNS);
        u3.intoArray(y, aAt + 3 * COLUMNS);
        v3.intoArray(y, bAt + 3 * COLUMNS);
        u4.intoArray(y, aAt + 4 * COLUMNS);
        v4.intoArray(y, bAt + 4 * COLUMNS);
        u5.intoArray(y, aAt + 5 * COLUMNS);
        v5.intoArray(y, bAt + 5 * COLUMNS);
        u6.intoArray(y, aAt + 6 * COLUMNS);
        v6.intoArray(y, bAt + 6 * COLUMNS);
        u7.intoArray(y, aAt + 7 * COLUMNS);
        v7.intoArray(y, bAt + 7 * COLUMNS);
    }
}

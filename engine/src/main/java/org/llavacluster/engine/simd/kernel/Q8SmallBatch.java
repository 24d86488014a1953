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

/**
 * Multiplies a few rows with two vectors of q8_0 columns, directly from {@link Q8Block}. Decoding several sequences
 * together spends most of its time here. Turning a weight into a float costs as much as multiplying it with a few rows;
 * here both overlap with loading the next weights. Floats and order of additions are those of {@link Dequantisation}
 * and {@link Tile}; {@link Gemv} says why the code is written out.
 *
 * <p>One loop runs through all blocks, eight or four values of k per turn, because entering a loop costs as much as ten
 * values. The two vectors belong to different panels, which gives two streams through memory.
 */
public final class Q8SmallBatch {

    /** Largest number of rows whose sums stay in registers. */
    public static final int MOST_ROWS = Tile.manyRegisters() ? 8 : 4;

    private Q8SmallBatch() {}

    /**
     * Adds the products of whole blocks to the sums in y.
     *
     * @param rows 2, 4 or 8, at most {@link #MOST_ROWS}
     * @param x [32 for each block][rows] from {@code xAt} on
     * @param a where the first vector's panel begins, in bytes; {@code b} likewise
     * @param lane where in both panels the vectors begin, in columns
     * @param y sums of rows that are {@link Tile#COLUMNS} apart, the first vector's from {@code aAt} on, the second's
     *     from {@code bAt}
     */
    public static void multiply(
            int rows,
            float[] x,
            int xAt,
            int blocks,
            MemorySegment w,
            long a,
            long b,
            int lane,
            float[] y,
            int aAt,
            int bAt) {
        switch (rows) {
            case 2 -> rows2(x, xAt, blocks, w, a, b, lane, y, aAt, bAt);
            case 4 -> rows4(x, xAt, blocks, w, a, b, lane, y, aAt, bAt);
            case 8 -> Q8EightRows.multiply(x, xAt, blocks, w, a, b, lane, y, aAt, bAt);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows2(
            float[] x, int xAt, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        long aBytes = a + SCALES_BYTES + lane;
        long bBytes = b + SCALES_BYTES + lane;
        long aScales = a + lane * Short.BYTES;
        long bScales = b + lane * Short.BYTES;
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, aAt);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, bAt);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, aAt + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, bAt + COLUMNS);
        for (int step = 0, i = xAt; step < blocks * (BLOCK / 8); step++, i += 16) {
            long block = (long) (step / (BLOCK / 8)) * BLOCK_BYTES;
            long at = block + step % (BLOCK / 8) * (8 * PANEL);
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 2]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 3]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 2 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 2 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 4]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 5]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 6]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 7]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 4 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 4 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 8]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 9]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 5 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 5 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 10]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 11]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 6 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 6 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 12]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 13]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 7 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 7 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 14]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 15]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
        }
        u0.intoArray(y, aAt);
        v0.intoArray(y, bAt);
        u1.intoArray(y, aAt + COLUMNS);
        v1.intoArray(y, bAt + COLUMNS);
    }

    private static void rows4(
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
        for (int step = 0, i = xAt; step < blocks * (BLOCK / 8); step++, i += 32) {
            long block = (long) (step / (BLOCK / 8)) * BLOCK_BYTES;
            long at = block + step % (BLOCK / 8) * (8 * PANEL);
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 4]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 5]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 6]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 7]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 2 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 2 * PANEL, LITTLE_ENDIAN)
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 3 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 12]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 13]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 14]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 15]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 4 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 4 * PANEL, LITTLE_ENDIAN)
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 5 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 5 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 20]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 21]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 22]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 23]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 6 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 6 * PANEL, LITTLE_ENDIAN)
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
            p = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, aBytes + at + 7 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            p = p.mul(aScale);
            q = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, bBytes + at + 7 * PANEL, LITTLE_ENDIAN)
                    .convertShape(B2F, FLOATS, 0);
            q = q.mul(bScale);
            e = FloatVector.broadcast(FLOATS, x[i + 28]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
            e = FloatVector.broadcast(FLOATS, x[i + 29]);
            u1 = e.fma(p, u1);
            v1 = e.fma(q, v1);
            e = FloatVector.broadcast(FLOATS, x[i + 30]);
            u2 = e.fma(p, u2);
            v2 = e.fma(q, v2);
            e = FloatVector.broadcast(FLOATS, x[i + 31]);
            u3 = e.fma(p, u3);
            v3 = e.fma(q, v3);
        }
        u0.intoArray(y, aAt);
        v0.intoArray(y, bAt);
        u1.intoArray(y, aAt + COLUMNS);
        v1.intoArray(y, bAt + COLUMNS);
        u2.intoArray(y, aAt + 2 * COLUMNS);
        v2.intoArray(y, bAt + 2 * COLUMNS);
        u3.intoArray(y, aAt + 3 * COLUMNS);
        v3.intoArray(y, bAt + 3 * COLUMNS);
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Multiplies a few rows with two vectors of 16-bit columns, directly from the KV cache: attention with the few queries
 * of a decode step. Floats and order of additions are those of {@link SixteenBitFloat} and {@link Tile}; {@link Gemv}
 * says why the code is written out.
 */
public final class SixteenBitSmallBatch {

    private SixteenBitSmallBatch() {}

    /**
     * Adds the products to the sums in y.
     *
     * @param rows 1, 2, 4 or 8
     * @param x [depth][rows], from {@code xAt} on
     * @param a where the first vector is at k = 0, in bytes; b the second
     * @param stride bytes from one k to the next
     * @param y [rows][2 vectors] of sums, from {@code at} on
     */
    public static void multiply(
            int rows,
            float[] x,
            int xAt,
            int depth,
            MemorySegment w,
            long a,
            long b,
            long stride,
            SixteenBitFloat halves,
            float[] y,
            int at) {
        switch (rows) {
            case 1 -> rows1(x, xAt, depth, w, a, b, stride, halves, y, at);
            case 2 -> rows2(x, xAt, depth, w, a, b, stride, halves, y, at);
            case 4 -> rows4(x, xAt, depth, w, a, b, stride, halves, y, at);
            case 8 -> rows8(x, xAt, depth, w, a, b, stride, halves, y, at);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows1(
            float[] x,
            int xAt,
            int depth,
            MemorySegment w,
            long a,
            long b,
            long stride,
            SixteenBitFloat halves,
            float[] y,
            int at) {
        int shift = halves.shift();
        int mask = halves.mask();
        FloatVector unit = FloatVector.broadcast(FLOATS, halves.unit());
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, at + COUNT);
        long step = 0;
        for (int k = 0, i = xAt; k < depth; k++, i++, step += stride) {
            IntVector aBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector p =
                    aBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
            IntVector bBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector q =
                    bBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
            FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
            u0 = e.fma(p, u0);
            v0 = e.fma(q, v0);
        }
        u0.intoArray(y, at);
        v0.intoArray(y, at + COUNT);
    }

    private static void rows2(
            float[] x,
            int xAt,
            int depth,
            MemorySegment w,
            long a,
            long b,
            long stride,
            SixteenBitFloat halves,
            float[] y,
            int at) {
        int shift = halves.shift();
        int mask = halves.mask();
        FloatVector unit = FloatVector.broadcast(FLOATS, halves.unit());
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, at + COUNT);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS + COUNT);
        long step = 0;
        for (int k = 0, i = xAt; k < depth; k++, i += 2, step += stride) {
            IntVector aBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector p =
                    aBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
            IntVector bBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector q =
                    bBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
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
            float[] x,
            int xAt,
            int depth,
            MemorySegment w,
            long a,
            long b,
            long stride,
            SixteenBitFloat halves,
            float[] y,
            int at) {
        int shift = halves.shift();
        int mask = halves.mask();
        FloatVector unit = FloatVector.broadcast(FLOATS, halves.unit());
        FloatVector u0 = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v0 = FloatVector.fromArray(FLOATS, y, at + COUNT);
        FloatVector u1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS);
        FloatVector v1 = FloatVector.fromArray(FLOATS, y, at + COLUMNS + COUNT);
        FloatVector u2 = FloatVector.fromArray(FLOATS, y, at + 2 * COLUMNS);
        FloatVector v2 = FloatVector.fromArray(FLOATS, y, at + 2 * COLUMNS + COUNT);
        FloatVector u3 = FloatVector.fromArray(FLOATS, y, at + 3 * COLUMNS);
        FloatVector v3 = FloatVector.fromArray(FLOATS, y, at + 3 * COLUMNS + COUNT);
        long step = 0;
        for (int k = 0, i = xAt; k < depth; k++, i += 4, step += stride) {
            IntVector aBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector p =
                    aBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
            IntVector bBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector q =
                    bBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
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

    private static void rows8(
            float[] x,
            int xAt,
            int depth,
            MemorySegment w,
            long a,
            long b,
            long stride,
            SixteenBitFloat halves,
            float[] y,
            int at) {
        int shift = halves.shift();
        int mask = halves.mask();
        FloatVector unit = FloatVector.broadcast(FLOATS, halves.unit());
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
        long step = 0;
        for (int k = 0, i = xAt; k < depth; k++, i += 8, step += stride) {
            IntVector aBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector p =
                    aBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
            IntVector bBits = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + step, LITTLE_ENDIAN)
                    .convertShape(S2I, INTS, 0);
            FloatVector q =
                    bBits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit);
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

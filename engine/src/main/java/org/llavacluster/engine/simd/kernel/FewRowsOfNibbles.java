package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;
import static org.llavacluster.engine.simd.kernel.Widening.bfloats;
import static org.llavacluster.engine.simd.kernel.Widening.lower;
import static org.llavacluster.engine.simd.kernel.Widening.pair;
import static org.llavacluster.engine.simd.kernel.Widening.upper;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * A few rows times two vectors of columns, straight from weights of scales and half bytes: what decoding a few sequences together spends its
 * time on. Making floats of a weight costs as much as multiplying it with some rows, and here both go on while the next weights are on
 * their way from memory. The floats and the chains are those of {@link Widening} and {@link Tile}.
 */
public final class FewRowsOfNibbles {

    private FewRowsOfNibbles() {}

    /**
     * Multiplies.
     *
     * @param rows 2, 4 or 8
     * @param x [depth][rows]
     * @param a where the first vector's scales are in the first block, in bytes; b likewise
     * @param aBytes where its half bytes are; bBytes likewise
     * @param block values along k in a block
     * @param blockBytes from one block to the next
     * @param y [rows][2 vectors] of sums, from {@code at} on
     */
    public static void multiply(
            int rows,
            float[] x,
            int depth,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        switch (rows) {
            case 2 -> rows2(x, depth, w, a, aBytes, b, bBytes, block, blockBytes, y, at);
            case 4 -> rows4(x, depth, w, a, aBytes, b, bBytes, block, blockBytes, y, at);
            case 8 -> rows8(x, depth, w, a, aBytes, b, bBytes, block, blockBytes, y, at);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows2(
            float[] x,
            int depth,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        FloatVector u0 = FloatVector.zero(FLOATS);
        FloatVector v0 = u0;
        FloatVector u1 = u0;
        FloatVector v1 = u0;
        long step = 0;
        for (int first = 0; first < depth; first += block, step += blockBytes) {
            FloatVector aScale = bfloats(w, a + step);
            FloatVector bScale = bfloats(w, b + step);
            FloatVector aOffset = aScale.mul(-8f);
            FloatVector bOffset = bScale.mul(-8f);
            int count = Math.min(block, depth - first);
            for (int k = 0, i = first * 2; k < count; k += 2, i += 4) {
                IntVector aPair = pair(w, aBytes + step + k / 2 * PANEL);
                IntVector bPair = pair(w, bBytes + step + k / 2 * PANEL);
                FloatVector p = lower(aPair, aScale, aOffset);
                FloatVector q = lower(bPair, bScale, bOffset);
                FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                u0 = e.fma(p, u0);
                v0 = e.fma(q, v0);
                e = FloatVector.broadcast(FLOATS, x[i + 1]);
                u1 = e.fma(p, u1);
                v1 = e.fma(q, v1);
                if (k + 1 < count) {
                    p = upper(aPair, aScale, aOffset);
                    q = upper(bPair, bScale, bOffset);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u0 = e.fma(p, u0);
                    v0 = e.fma(q, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u1 = e.fma(p, u1);
                    v1 = e.fma(q, v1);
                }
            }
        }
        u0.intoArray(y, at);
        v0.intoArray(y, at + COUNT);
        u1.intoArray(y, at + COLUMNS);
        v1.intoArray(y, at + COLUMNS + COUNT);
    }

    private static void rows4(
            float[] x,
            int depth,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        FloatVector u0 = FloatVector.zero(FLOATS);
        FloatVector v0 = u0;
        FloatVector u1 = u0;
        FloatVector v1 = u0;
        FloatVector u2 = u0;
        FloatVector v2 = u0;
        FloatVector u3 = u0;
        FloatVector v3 = u0;
        long step = 0;
        for (int first = 0; first < depth; first += block, step += blockBytes) {
            FloatVector aScale = bfloats(w, a + step);
            FloatVector bScale = bfloats(w, b + step);
            FloatVector aOffset = aScale.mul(-8f);
            FloatVector bOffset = bScale.mul(-8f);
            int count = Math.min(block, depth - first);
            for (int k = 0, i = first * 4; k < count; k += 2, i += 8) {
                IntVector aPair = pair(w, aBytes + step + k / 2 * PANEL);
                IntVector bPair = pair(w, bBytes + step + k / 2 * PANEL);
                FloatVector p = lower(aPair, aScale, aOffset);
                FloatVector q = lower(bPair, bScale, bOffset);
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
                if (k + 1 < count) {
                    p = upper(aPair, aScale, aOffset);
                    q = upper(bPair, bScale, bOffset);
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
                }
            }
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
            int depth,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        FloatVector u0 = FloatVector.zero(FLOATS);
        FloatVector v0 = u0;
        FloatVector u1 = u0;
        FloatVector v1 = u0;
        FloatVector u2 = u0;
        FloatVector v2 = u0;
        FloatVector u3 = u0;
        FloatVector v3 = u0;
        FloatVector u4 = u0;
        FloatVector v4 = u0;
        FloatVector u5 = u0;
        FloatVector v5 = u0;
        FloatVector u6 = u0;
        FloatVector v6 = u0;
        FloatVector u7 = u0;
        FloatVector v7 = u0;
        long step = 0;
        for (int first = 0; first < depth; first += block, step += blockBytes) {
            FloatVector aScale = bfloats(w, a + step);
            FloatVector bScale = bfloats(w, b + step);
            FloatVector aOffset = aScale.mul(-8f);
            FloatVector bOffset = bScale.mul(-8f);
            int count = Math.min(block, depth - first);
            for (int k = 0, i = first * 8; k < count; k += 2, i += 16) {
                IntVector aPair = pair(w, aBytes + step + k / 2 * PANEL);
                IntVector bPair = pair(w, bBytes + step + k / 2 * PANEL);
                FloatVector p = lower(aPair, aScale, aOffset);
                FloatVector q = lower(bPair, bScale, bOffset);
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
                if (k + 1 < count) {
                    p = upper(aPair, aScale, aOffset);
                    q = upper(bPair, bScale, bOffset);
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
                }
            }
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

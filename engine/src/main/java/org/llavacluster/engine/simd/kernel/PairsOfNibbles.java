package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Nibbles.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Nibbles.EVEN;
import static org.llavacluster.engine.simd.kernel.Nibbles.EVEN_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUPS;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP_BYTES;
import static org.llavacluster.engine.simd.kernel.Nibbles.ODD;
import static org.llavacluster.engine.simd.kernel.Nibbles.ODD_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.PAIRS;
import static org.llavacluster.engine.simd.kernel.Nibbles.PAIR_BITS;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * {@link RowsOfNibbles} with two vectors of columns, for processors with 32 registers: every value of x that is read is used twice.
 */
public final class PairsOfNibbles {

    /** Whether this processor has the registers. */
    public static final boolean FIT = Tile.manyRegisters();

    private PairsOfNibbles() {}

    /**
     * Adds some blocks' products to y.
     *
     * @param rows 4, 8 or 12
     * @param x from {@code xAt} on the values of the first block, [32 for each block][rows]
     * @param starts where in x the starts of these blocks are, [blocks][rows]
     * @param a where the first vector's scales are in the first block, in bytes; b likewise
     * @param aInts where its ints are; bInts likewise
     * @param y [rows][2 vectors] of sums, from {@code yAt} on
     */
    public static void multiply(
            int rows,
            float[] x,
            int xAt,
            int starts,
            MemorySegment w,
            long a,
            long aInts,
            long b,
            long bInts,
            int blocks,
            float[] y,
            int yAt) {
        switch (rows) {
            case 4 -> rows4(x, xAt, starts, w, a, aInts, b, bInts, blocks, y, yAt);
            case 8 -> rows8(x, xAt, starts, w, a, aInts, b, bInts, blocks, y, yAt);
            case 12 -> rows12(x, xAt, starts, w, a, aInts, b, bInts, blocks, y, yAt);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows4(
            float[] x,
            int xAt,
            int starts,
            MemorySegment w,
            long a,
            long aInts,
            long b,
            long bInts,
            int blocks,
            float[] y,
            int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 4;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector v0 = u0;
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector v1 = u1;
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector v2 = u2;
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            FloatVector v3 = u3;
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 8) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector n = q.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    n = q.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 4]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 5]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 6]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 7]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    p = p.lanewise(ROL, PAIR_BITS);
                    q = q.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
            u1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
            u2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
            u3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
            scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            v0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
            v1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT))
                    .intoArray(y, yAt + COLUMNS + COUNT);
            v2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 2 * COLUMNS + COUNT);
            v3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 3 * COLUMNS + COUNT);
        }
    }

    private static void rows8(
            float[] x,
            int xAt,
            int starts,
            MemorySegment w,
            long a,
            long aInts,
            long b,
            long bInts,
            int blocks,
            float[] y,
            int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 8;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector v0 = u0;
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector v1 = u1;
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector v2 = u2;
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            FloatVector v3 = u3;
            FloatVector u4 = FloatVector.broadcast(FLOATS, x[s + 4]);
            FloatVector v4 = u4;
            FloatVector u5 = FloatVector.broadcast(FLOATS, x[s + 5]);
            FloatVector v5 = u5;
            FloatVector u6 = FloatVector.broadcast(FLOATS, x[s + 6]);
            FloatVector v6 = u6;
            FloatVector u7 = FloatVector.broadcast(FLOATS, x[s + 7]);
            FloatVector v7 = u7;
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 16) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector n = q.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    e = FloatVector.broadcast(FLOATS, x[i + 4]);
                    u4 = e.fma(m, u4);
                    v4 = e.fma(n, v4);
                    e = FloatVector.broadcast(FLOATS, x[i + 5]);
                    u5 = e.fma(m, u5);
                    v5 = e.fma(n, v5);
                    e = FloatVector.broadcast(FLOATS, x[i + 6]);
                    u6 = e.fma(m, u6);
                    v6 = e.fma(n, v6);
                    e = FloatVector.broadcast(FLOATS, x[i + 7]);
                    u7 = e.fma(m, u7);
                    v7 = e.fma(n, v7);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    n = q.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 8]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 9]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 10]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 11]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    e = FloatVector.broadcast(FLOATS, x[i + 12]);
                    u4 = e.fma(m, u4);
                    v4 = e.fma(n, v4);
                    e = FloatVector.broadcast(FLOATS, x[i + 13]);
                    u5 = e.fma(m, u5);
                    v5 = e.fma(n, v5);
                    e = FloatVector.broadcast(FLOATS, x[i + 14]);
                    u6 = e.fma(m, u6);
                    v6 = e.fma(n, v6);
                    e = FloatVector.broadcast(FLOATS, x[i + 15]);
                    u7 = e.fma(m, u7);
                    v7 = e.fma(n, v7);
                    p = p.lanewise(ROL, PAIR_BITS);
                    q = q.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
            u1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
            u2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
            u3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
            u4.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS)).intoArray(y, yAt + 4 * COLUMNS);
            u5.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS)).intoArray(y, yAt + 5 * COLUMNS);
            u6.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS)).intoArray(y, yAt + 6 * COLUMNS);
            u7.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS)).intoArray(y, yAt + 7 * COLUMNS);
            scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            v0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
            v1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT))
                    .intoArray(y, yAt + COLUMNS + COUNT);
            v2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 2 * COLUMNS + COUNT);
            v3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 3 * COLUMNS + COUNT);
            v4.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 4 * COLUMNS + COUNT);
            v5.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 5 * COLUMNS + COUNT);
            v6.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 6 * COLUMNS + COUNT);
            v7.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 7 * COLUMNS + COUNT);
        }
    }

    private static void rows12(
            float[] x,
            int xAt,
            int starts,
            MemorySegment w,
            long a,
            long aInts,
            long b,
            long bInts,
            int blocks,
            float[] y,
            int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 12;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector v0 = u0;
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector v1 = u1;
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector v2 = u2;
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            FloatVector v3 = u3;
            FloatVector u4 = FloatVector.broadcast(FLOATS, x[s + 4]);
            FloatVector v4 = u4;
            FloatVector u5 = FloatVector.broadcast(FLOATS, x[s + 5]);
            FloatVector v5 = u5;
            FloatVector u6 = FloatVector.broadcast(FLOATS, x[s + 6]);
            FloatVector v6 = u6;
            FloatVector u7 = FloatVector.broadcast(FLOATS, x[s + 7]);
            FloatVector v7 = u7;
            FloatVector u8 = FloatVector.broadcast(FLOATS, x[s + 8]);
            FloatVector v8 = u8;
            FloatVector u9 = FloatVector.broadcast(FLOATS, x[s + 9]);
            FloatVector v9 = u9;
            FloatVector u10 = FloatVector.broadcast(FLOATS, x[s + 10]);
            FloatVector v10 = u10;
            FloatVector u11 = FloatVector.broadcast(FLOATS, x[s + 11]);
            FloatVector v11 = u11;
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 24) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector n = q.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    e = FloatVector.broadcast(FLOATS, x[i + 4]);
                    u4 = e.fma(m, u4);
                    v4 = e.fma(n, v4);
                    e = FloatVector.broadcast(FLOATS, x[i + 5]);
                    u5 = e.fma(m, u5);
                    v5 = e.fma(n, v5);
                    e = FloatVector.broadcast(FLOATS, x[i + 6]);
                    u6 = e.fma(m, u6);
                    v6 = e.fma(n, v6);
                    e = FloatVector.broadcast(FLOATS, x[i + 7]);
                    u7 = e.fma(m, u7);
                    v7 = e.fma(n, v7);
                    e = FloatVector.broadcast(FLOATS, x[i + 8]);
                    u8 = e.fma(m, u8);
                    v8 = e.fma(n, v8);
                    e = FloatVector.broadcast(FLOATS, x[i + 9]);
                    u9 = e.fma(m, u9);
                    v9 = e.fma(n, v9);
                    e = FloatVector.broadcast(FLOATS, x[i + 10]);
                    u10 = e.fma(m, u10);
                    v10 = e.fma(n, v10);
                    e = FloatVector.broadcast(FLOATS, x[i + 11]);
                    u11 = e.fma(m, u11);
                    v11 = e.fma(n, v11);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    n = q.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 12]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 13]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    e = FloatVector.broadcast(FLOATS, x[i + 14]);
                    u2 = e.fma(m, u2);
                    v2 = e.fma(n, v2);
                    e = FloatVector.broadcast(FLOATS, x[i + 15]);
                    u3 = e.fma(m, u3);
                    v3 = e.fma(n, v3);
                    e = FloatVector.broadcast(FLOATS, x[i + 16]);
                    u4 = e.fma(m, u4);
                    v4 = e.fma(n, v4);
                    e = FloatVector.broadcast(FLOATS, x[i + 17]);
                    u5 = e.fma(m, u5);
                    v5 = e.fma(n, v5);
                    e = FloatVector.broadcast(FLOATS, x[i + 18]);
                    u6 = e.fma(m, u6);
                    v6 = e.fma(n, v6);
                    e = FloatVector.broadcast(FLOATS, x[i + 19]);
                    u7 = e.fma(m, u7);
                    v7 = e.fma(n, v7);
                    e = FloatVector.broadcast(FLOATS, x[i + 20]);
                    u8 = e.fma(m, u8);
                    v8 = e.fma(n, v8);
                    e = FloatVector.broadcast(FLOATS, x[i + 21]);
                    u9 = e.fma(m, u9);
                    v9 = e.fma(n, v9);
                    e = FloatVector.broadcast(FLOATS, x[i + 22]);
                    u10 = e.fma(m, u10);
                    v10 = e.fma(n, v10);
                    e = FloatVector.broadcast(FLOATS, x[i + 23]);
                    u11 = e.fma(m, u11);
                    v11 = e.fma(n, v11);
                    p = p.lanewise(ROL, PAIR_BITS);
                    q = q.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, a + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
            u1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
            u2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
            u3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
            u4.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS)).intoArray(y, yAt + 4 * COLUMNS);
            u5.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS)).intoArray(y, yAt + 5 * COLUMNS);
            u6.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS)).intoArray(y, yAt + 6 * COLUMNS);
            u7.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS)).intoArray(y, yAt + 7 * COLUMNS);
            u8.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 8 * COLUMNS)).intoArray(y, yAt + 8 * COLUMNS);
            u9.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 9 * COLUMNS)).intoArray(y, yAt + 9 * COLUMNS);
            u10.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 10 * COLUMNS)).intoArray(y, yAt + 10 * COLUMNS);
            u11.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 11 * COLUMNS)).intoArray(y, yAt + 11 * COLUMNS);
            scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, b + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            v0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
            v1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT))
                    .intoArray(y, yAt + COLUMNS + COUNT);
            v2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 2 * COLUMNS + COUNT);
            v3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 3 * COLUMNS + COUNT);
            v4.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 4 * COLUMNS + COUNT);
            v5.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 5 * COLUMNS + COUNT);
            v6.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 6 * COLUMNS + COUNT);
            v7.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 7 * COLUMNS + COUNT);
            v8.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 8 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 8 * COLUMNS + COUNT);
            v9.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 9 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 9 * COLUMNS + COUNT);
            v10.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 10 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 10 * COLUMNS + COUNT);
            v11.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 11 * COLUMNS + COUNT))
                    .intoArray(y, yAt + 11 * COLUMNS + COUNT);
        }
    }
}

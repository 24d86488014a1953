package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Q4Block.BLOCK;
import static org.llavacluster.engine.simd.kernel.Q4Block.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Q4Block.EVEN;
import static org.llavacluster.engine.simd.kernel.Q4Block.EVEN_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.GROUPS;
import static org.llavacluster.engine.simd.kernel.Q4Block.GROUP_BYTES;
import static org.llavacluster.engine.simd.kernel.Q4Block.ODD;
import static org.llavacluster.engine.simd.kernel.Q4Block.ODD_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.PAIRS;
import static org.llavacluster.engine.simd.kernel.Q4Block.PAIR_BITS;
import static org.llavacluster.engine.simd.kernel.Q4Block.SCALE_BYTES;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Multiplies a few rows with two vectors of q4_0 columns, directly from half bytes, on processors with 32 vector
 * registers. {@link Q4Block} gives the formula; {@link Gemv} says why the code is written out. Going through floats, as
 * {@link Q4Tile} does, costs a store and a load per weight, which only pays off with more rows.
 */
public final class Q4SmallBatch {

    /** Whether this processor has 32 vector registers. */
    public static final boolean FIT = Tile.manyRegisters();

    private Q4SmallBatch() {}

    /**
     * Adds the products of all blocks to y.
     *
     * @param rows 2, 4 or 8
     * @param x [32 for each block][rows], then the starts [blocks][rows]
     * @param a where the first block of the first vector's columns is, in bytes; {@code b} likewise
     * @param lane where in both panels the vectors begin, in columns
     * @param y sums of rows that are {@link Tile#COLUMNS} apart, the first vector's from {@code aAt} on, the second's
     *     from {@code bAt}
     */
    public static void multiply(
            int rows, float[] x, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        switch (rows) {
            case 2 -> rows2(x, blocks, w, a, b, lane, y, aAt, bAt);
            case 4 -> rows4(x, blocks, w, a, b, lane, y, aAt, bAt);
            case 8 -> rows8(x, blocks, w, a, b, lane, y, aAt, bAt);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows2(
            float[] x, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        long aInts = a + SCALE_BYTES + lane * Integer.BYTES;
        long bInts = b + SCALE_BYTES + lane * Integer.BYTES;
        long aScales = a + lane * Short.BYTES;
        long bScales = b + lane * Short.BYTES;
        int i = 0;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = (blocks * BLOCK + block) * 2;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector v0 = u0;
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector v1 = u1;
            for (int group = 0; group < GROUPS; group++) {
                long ints = at + group * GROUP_BYTES;
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + ints, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + ints, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 4) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector n = q.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    n = q.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u0 = e.fma(m, u0);
                    v0 = e.fma(n, v0);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u1 = e.fma(m, u1);
                    v1 = e.fma(n, v1);
                    p = p.lanewise(ROL, PAIR_BITS);
                    q = q.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector aScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, aScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector bScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, bScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt)).intoArray(y, aAt);
            v0.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt)).intoArray(y, bAt);
            u1.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + COLUMNS)).intoArray(y, aAt + COLUMNS);
            v1.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + COLUMNS)).intoArray(y, bAt + COLUMNS);
        }
    }

    private static void rows4(
            float[] x, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        long aInts = a + SCALE_BYTES + lane * Integer.BYTES;
        long bInts = b + SCALE_BYTES + lane * Integer.BYTES;
        long aScales = a + lane * Short.BYTES;
        long bScales = b + lane * Short.BYTES;
        int i = 0;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = (blocks * BLOCK + block) * 4;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector v0 = u0;
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector v1 = u1;
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector v2 = u2;
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            FloatVector v3 = u3;
            for (int group = 0; group < GROUPS; group++) {
                long ints = at + group * GROUP_BYTES;
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + ints, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + ints, LITTLE_ENDIAN);
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
            FloatVector aScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, aScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector bScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, bScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt)).intoArray(y, aAt);
            v0.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt)).intoArray(y, bAt);
            u1.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + COLUMNS)).intoArray(y, aAt + COLUMNS);
            v1.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + COLUMNS)).intoArray(y, bAt + COLUMNS);
            u2.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 2 * COLUMNS)).intoArray(y, aAt + 2 * COLUMNS);
            v2.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 2 * COLUMNS)).intoArray(y, bAt + 2 * COLUMNS);
            u3.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 3 * COLUMNS)).intoArray(y, aAt + 3 * COLUMNS);
            v3.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 3 * COLUMNS)).intoArray(y, bAt + 3 * COLUMNS);
        }
    }

    private static void rows8(
            float[] x, int blocks, MemorySegment w, long a, long b, int lane, float[] y, int aAt, int bAt) {
        long aInts = a + SCALE_BYTES + lane * Integer.BYTES;
        long bInts = b + SCALE_BYTES + lane * Integer.BYTES;
        long aScales = a + lane * Short.BYTES;
        long bScales = b + lane * Short.BYTES;
        int i = 0;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = (blocks * BLOCK + block) * 8;
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
                long ints = at + group * GROUP_BYTES;
                IntVector p = IntVector.fromMemorySegment(INTS, w, aInts + ints, LITTLE_ENDIAN);
                IntVector q = IntVector.fromMemorySegment(INTS, w, bInts + ints, LITTLE_ENDIAN);
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
            FloatVector aScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, aScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector bScale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, bScales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt)).intoArray(y, aAt);
            v0.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt)).intoArray(y, bAt);
            u1.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + COLUMNS)).intoArray(y, aAt + COLUMNS);
            v1.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + COLUMNS)).intoArray(y, bAt + COLUMNS);
            u2.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 2 * COLUMNS)).intoArray(y, aAt + 2 * COLUMNS);
            v2.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 2 * COLUMNS)).intoArray(y, bAt + 2 * COLUMNS);
            u3.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 3 * COLUMNS)).intoArray(y, aAt + 3 * COLUMNS);
            v3.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 3 * COLUMNS)).intoArray(y, bAt + 3 * COLUMNS);
            u4.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 4 * COLUMNS)).intoArray(y, aAt + 4 * COLUMNS);
            v4.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 4 * COLUMNS)).intoArray(y, bAt + 4 * COLUMNS);
            u5.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 5 * COLUMNS)).intoArray(y, aAt + 5 * COLUMNS);
            v5.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 5 * COLUMNS)).intoArray(y, bAt + 5 * COLUMNS);
            u6.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 6 * COLUMNS)).intoArray(y, aAt + 6 * COLUMNS);
            v6.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 6 * COLUMNS)).intoArray(y, bAt + 6 * COLUMNS);
            u7.fma(aScale, FloatVector.fromArray(FLOATS, y, aAt + 7 * COLUMNS)).intoArray(y, aAt + 7 * COLUMNS);
            v7.fma(bScale, FloatVector.fromArray(FLOATS, y, bAt + 7 * COLUMNS)).intoArray(y, bAt + 7 * COLUMNS);
        }
    }
}

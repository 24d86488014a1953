package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
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
 * Some rows times one vector of columns of half bytes; on what is computed, see {@link Nibbles}, on how calls are written, {@link Gemv}.
 * Making a float of a half byte takes few instructions, so even many rows are multiplied straight from what is stored. With eight rows
 * and one vector all that is used stays in 16 registers: two and a half times as fast as four rows and two vectors there.
 */
public final class RowsOfNibbles {

    private RowsOfNibbles() {}

    /**
     * Adds some blocks' products to y.
     *
     * @param rows 1, 2, 4 or 8
     * @param x from {@code xAt} on the values of the first block, [32 for each block][rows]
     * @param starts where in x the starts of these blocks are, [blocks][rows]
     * @param scales where the scales are in the first block, in bytes; {@code ints} likewise
     * @param y [rows][2 vectors] of sums, of which from {@code yAt} on the first are added to
     */
    public static void multiply(
            int rows,
            float[] x,
            int xAt,
            int starts,
            MemorySegment w,
            long scales,
            long ints,
            int blocks,
            float[] y,
            int yAt) {
        switch (rows) {
            case 1 -> rows1(x, xAt, starts, w, scales, ints, blocks, y, yAt);
            case 2 -> rows2(x, xAt, starts, w, scales, ints, blocks, y, yAt);
            case 4 -> rows4(x, xAt, starts, w, scales, ints, blocks, y, yAt);
            case 8 -> rows8(x, xAt, starts, w, scales, ints, blocks, y, yAt);
            default -> throw new IllegalArgumentException("no kernel of " + rows + " rows");
        }
    }

    private static void rows1(
            float[] x, int xAt, int starts, MemorySegment w, long scales, long ints, int blocks, float[] y, int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, ints + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 2) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u0 = e.fma(m, u0);
                    p = p.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, scales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        }
    }

    private static void rows2(
            float[] x, int xAt, int starts, MemorySegment w, long scales, long ints, int blocks, float[] y, int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 2;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, ints + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 4) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u1 = e.fma(m, u1);
                    p = p.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, scales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
            u1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
        }
    }

    private static void rows4(
            float[] x, int xAt, int starts, MemorySegment w, long scales, long ints, int blocks, float[] y, int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 4;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, ints + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 8) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u2 = e.fma(m, u2);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u3 = e.fma(m, u3);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 4]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 5]);
                    u1 = e.fma(m, u1);
                    e = FloatVector.broadcast(FLOATS, x[i + 6]);
                    u2 = e.fma(m, u2);
                    e = FloatVector.broadcast(FLOATS, x[i + 7]);
                    u3 = e.fma(m, u3);
                    p = p.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, scales + at, LITTLE_ENDIAN)
                            .convertShape(ZERO_EXTEND_S2I, INTS, 0))
                    .lanewise(LSHL, 16)
                    .reinterpretAsFloats();
            u0.fma(scale, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
            u1.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
            u2.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
            u3.fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
        }
    }

    private static void rows8(
            float[] x, int xAt, int starts, MemorySegment w, long scales, long ints, int blocks, float[] y, int yAt) {
        int i = xAt;
        for (int block = 0; block < blocks; block++) {
            long at = (long) block * BLOCK_BYTES;
            int s = starts + block * 8;
            FloatVector u0 = FloatVector.broadcast(FLOATS, x[s]);
            FloatVector u1 = FloatVector.broadcast(FLOATS, x[s + 1]);
            FloatVector u2 = FloatVector.broadcast(FLOATS, x[s + 2]);
            FloatVector u3 = FloatVector.broadcast(FLOATS, x[s + 3]);
            FloatVector u4 = FloatVector.broadcast(FLOATS, x[s + 4]);
            FloatVector u5 = FloatVector.broadcast(FLOATS, x[s + 5]);
            FloatVector u6 = FloatVector.broadcast(FLOATS, x[s + 6]);
            FloatVector u7 = FloatVector.broadcast(FLOATS, x[s + 7]);
            for (int group = 0; group < GROUPS; group++) {
                IntVector p = IntVector.fromMemorySegment(INTS, w, ints + at + group * GROUP_BYTES, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, i += 16) {
                    FloatVector m = p.and(EVEN).or(EVEN_BITS).reinterpretAsFloats();
                    FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 1]);
                    u1 = e.fma(m, u1);
                    e = FloatVector.broadcast(FLOATS, x[i + 2]);
                    u2 = e.fma(m, u2);
                    e = FloatVector.broadcast(FLOATS, x[i + 3]);
                    u3 = e.fma(m, u3);
                    e = FloatVector.broadcast(FLOATS, x[i + 4]);
                    u4 = e.fma(m, u4);
                    e = FloatVector.broadcast(FLOATS, x[i + 5]);
                    u5 = e.fma(m, u5);
                    e = FloatVector.broadcast(FLOATS, x[i + 6]);
                    u6 = e.fma(m, u6);
                    e = FloatVector.broadcast(FLOATS, x[i + 7]);
                    u7 = e.fma(m, u7);
                    m = p.and(ODD).or(ODD_BITS).reinterpretAsFloats();
                    e = FloatVector.broadcast(FLOATS, x[i + 8]);
                    u0 = e.fma(m, u0);
                    e = FloatVector.broadcast(FLOATS, x[i + 9]);
                    u1 = e.fma(m, u1);
                    e = FloatVector.broadcast(FLOATS, x[i + 10]);
                    u2 = e.fma(m, u2);
                    e = FloatVector.broadcast(FLOATS, x[i + 11]);
                    u3 = e.fma(m, u3);
                    e = FloatVector.broadcast(FLOATS, x[i + 12]);
                    u4 = e.fma(m, u4);
                    e = FloatVector.broadcast(FLOATS, x[i + 13]);
                    u5 = e.fma(m, u5);
                    e = FloatVector.broadcast(FLOATS, x[i + 14]);
                    u6 = e.fma(m, u6);
                    e = FloatVector.broadcast(FLOATS, x[i + 15]);
                    u7 = e.fma(m, u7);
                    p = p.lanewise(ROL, PAIR_BITS);
                }
            }
            FloatVector scale = ((IntVector) ShortVector.fromMemorySegment(SHORTS, w, scales + at, LITTLE_ENDIAN)
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
        }
    }
}

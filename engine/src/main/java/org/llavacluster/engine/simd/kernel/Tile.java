package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * The innermost product: several rows of x times two vectors of columns. Each output element is one chain of fused
 * multiply-adds over k = 0, 1, 2, ... Larger tiles read x and w less often, but every tile uses the same chain, so the
 * number of rows changes no bit.
 *
 * <p>x is packed [depth][rows]. w is read at {@code w0 + k * stride} and {@code w1 + k * stride}, one vector each. y
 * holds [rows][2 vectors] of sums, to which the products are added.
 */
public final class Tile {

    /** Columns of a tile. */
    public static final int COLUMNS = 2 * COUNT;

    /** Largest number of rows whose accumulators stay in registers: AVX-512 and Arm have 32 registers, AVX2 has 16. */
    public static final int MOST_ROWS = manyRegisters() ? 12 : 6;

    /** Whether this processor has 32 vector registers. */
    static boolean manyRegisters() {
        return COUNT == 16 || System.getProperty("os.arch", "").startsWith("aarch64");
    }

    private Tile() {}

    /** Rows of the largest tile that has at most this many rows. */
    public static int rowsOf(int rows) {
        return rowsOf(rows, MOST_ROWS);
    }

    /** Rows of the largest tile, of {@code most} or a power of two, that has at most {@code rows}. */
    public static int rowsOf(int rows, int most) {
        return rows >= most ? most : Integer.highestOneBit(rows);
    }

    /** A tile of {@code rows}, which {@link #rowsOf(int)} gave. */
    public static void multiply(
            int rows, float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        switch (rows) {
            case 12 -> rows12(x, xAt, w, w0, w1, stride, depth, y, yAt);
            case 8 -> rows8(x, xAt, w, w0, w1, stride, depth, y, yAt);
            case 6 -> SixRowTile.multiply(x, xAt, w, w0, w1, stride, depth, y, yAt);
            case 4 -> rows4(x, xAt, w, w0, w1, stride, depth, y, yAt);
            case 2 -> rows2(x, xAt, w, w0, w1, stride, depth, y, yAt);
            case 1 -> rows1(x, xAt, w, w0, w1, stride, depth, y, yAt);
            default -> throw new IllegalArgumentException("no tile of " + rows + " rows");
        }
    }

    private static void rows12(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, y, yAt);
        FloatVector b0 = FloatVector.fromArray(FLOATS, y, yAt + COUNT);
        FloatVector a1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS);
        FloatVector b1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT);
        FloatVector a2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS);
        FloatVector b2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT);
        FloatVector a3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS);
        FloatVector b3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT);
        FloatVector a4 = FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS);
        FloatVector b4 = FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT);
        FloatVector a5 = FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS);
        FloatVector b5 = FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT);
        FloatVector a6 = FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS);
        FloatVector b6 = FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS + COUNT);
        FloatVector a7 = FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS);
        FloatVector b7 = FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS + COUNT);
        FloatVector a8 = FloatVector.fromArray(FLOATS, y, yAt + 8 * COLUMNS);
        FloatVector b8 = FloatVector.fromArray(FLOATS, y, yAt + 8 * COLUMNS + COUNT);
        FloatVector a9 = FloatVector.fromArray(FLOATS, y, yAt + 9 * COLUMNS);
        FloatVector b9 = FloatVector.fromArray(FLOATS, y, yAt + 9 * COLUMNS + COUNT);
        FloatVector a10 = FloatVector.fromArray(FLOATS, y, yAt + 10 * COLUMNS);
        FloatVector b10 = FloatVector.fromArray(FLOATS, y, yAt + 10 * COLUMNS + COUNT);
        FloatVector a11 = FloatVector.fromArray(FLOATS, y, yAt + 11 * COLUMNS);
        FloatVector b11 = FloatVector.fromArray(FLOATS, y, yAt + 11 * COLUMNS + COUNT);
        for (int k = 0, p = xAt, q = 0; k < depth; k++, p += 12, q += stride) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + q);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + q);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 1]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
            e = FloatVector.broadcast(FLOATS, x[p + 2]);
            a2 = e.fma(u, a2);
            b2 = e.fma(v, b2);
            e = FloatVector.broadcast(FLOATS, x[p + 3]);
            a3 = e.fma(u, a3);
            b3 = e.fma(v, b3);
            e = FloatVector.broadcast(FLOATS, x[p + 4]);
            a4 = e.fma(u, a4);
            b4 = e.fma(v, b4);
            e = FloatVector.broadcast(FLOATS, x[p + 5]);
            a5 = e.fma(u, a5);
            b5 = e.fma(v, b5);
            e = FloatVector.broadcast(FLOATS, x[p + 6]);
            a6 = e.fma(u, a6);
            b6 = e.fma(v, b6);
            e = FloatVector.broadcast(FLOATS, x[p + 7]);
            a7 = e.fma(u, a7);
            b7 = e.fma(v, b7);
            e = FloatVector.broadcast(FLOATS, x[p + 8]);
            a8 = e.fma(u, a8);
            b8 = e.fma(v, b8);
            e = FloatVector.broadcast(FLOATS, x[p + 9]);
            a9 = e.fma(u, a9);
            b9 = e.fma(v, b9);
            e = FloatVector.broadcast(FLOATS, x[p + 10]);
            a10 = e.fma(u, a10);
            b10 = e.fma(v, b10);
            e = FloatVector.broadcast(FLOATS, x[p + 11]);
            a11 = e.fma(u, a11);
            b11 = e.fma(v, b11);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
        a1.intoArray(y, yAt + COLUMNS);
        b1.intoArray(y, yAt + COLUMNS + COUNT);
        a2.intoArray(y, yAt + 2 * COLUMNS);
        b2.intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.intoArray(y, yAt + 3 * COLUMNS);
        b3.intoArray(y, yAt + 3 * COLUMNS + COUNT);
        a4.intoArray(y, yAt + 4 * COLUMNS);
        b4.intoArray(y, yAt + 4 * COLUMNS + COUNT);
        a5.intoArray(y, yAt + 5 * COLUMNS);
        b5.intoArray(y, yAt + 5 * COLUMNS + COUNT);
        a6.intoArray(y, yAt + 6 * COLUMNS);
        b6.intoArray(y, yAt + 6 * COLUMNS + COUNT);
        a7.intoArray(y, yAt + 7 * COLUMNS);
        b7.intoArray(y, yAt + 7 * COLUMNS + COUNT);
        a8.intoArray(y, yAt + 8 * COLUMNS);
        b8.intoArray(y, yAt + 8 * COLUMNS + COUNT);
        a9.intoArray(y, yAt + 9 * COLUMNS);
        b9.intoArray(y, yAt + 9 * COLUMNS + COUNT);
        a10.intoArray(y, yAt + 10 * COLUMNS);
        b10.intoArray(y, yAt + 10 * COLUMNS + COUNT);
        a11.intoArray(y, yAt + 11 * COLUMNS);
        b11.intoArray(y, yAt + 11 * COLUMNS + COUNT);
    }

    private static void rows8(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, y, yAt);
        FloatVector b0 = FloatVector.fromArray(FLOATS, y, yAt + COUNT);
        FloatVector a1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS);
        FloatVector b1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT);
        FloatVector a2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS);
        FloatVector b2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT);
        FloatVector a3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS);
        FloatVector b3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT);
        FloatVector a4 = FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS);
        FloatVector b4 = FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT);
        FloatVector a5 = FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS);
        FloatVector b5 = FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT);
        FloatVector a6 = FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS);
        FloatVector b6 = FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS + COUNT);
        FloatVector a7 = FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS);
        FloatVector b7 = FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS + COUNT);
        for (int k = 0, p = xAt, q = 0; k < depth; k++, p += 8, q += stride) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + q);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + q);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 1]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
            e = FloatVector.broadcast(FLOATS, x[p + 2]);
            a2 = e.fma(u, a2);
            b2 = e.fma(v, b2);
            e = FloatVector.broadcast(FLOATS, x[p + 3]);
            a3 = e.fma(u, a3);
            b3 = e.fma(v, b3);
            e = FloatVector.broadcast(FLOATS, x[p + 4]);
            a4 = e.fma(u, a4);
            b4 = e.fma(v, b4);
            e = FloatVector.broadcast(FLOATS, x[p + 5]);
            a5 = e.fma(u, a5);
            b5 = e.fma(v, b5);
            e = FloatVector.broadcast(FLOATS, x[p + 6]);
            a6 = e.fma(u, a6);
            b6 = e.fma(v, b6);
            e = FloatVector.broadcast(FLOATS, x[p + 7]);
            a7 = e.fma(u, a7);
            b7 = e.fma(v, b7);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
        a1.intoArray(y, yAt + COLUMNS);
        b1.intoArray(y, yAt + COLUMNS + COUNT);
        a2.intoArray(y, yAt + 2 * COLUMNS);
        b2.intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.intoArray(y, yAt + 3 * COLUMNS);
        b3.intoArray(y, yAt + 3 * COLUMNS + COUNT);
        a4.intoArray(y, yAt + 4 * COLUMNS);
        b4.intoArray(y, yAt + 4 * COLUMNS + COUNT);
        a5.intoArray(y, yAt + 5 * COLUMNS);
        b5.intoArray(y, yAt + 5 * COLUMNS + COUNT);
        a6.intoArray(y, yAt + 6 * COLUMNS);
        b6.intoArray(y, yAt + 6 * COLUMNS + COUNT);
        a7.intoArray(y, yAt + 7 * COLUMNS);
        b7.intoArray(y, yAt + 7 * COLUMNS + COUNT);
    }

    private static void rows4(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, y, yAt);
        FloatVector b0 = FloatVector.fromArray(FLOATS, y, yAt + COUNT);
        FloatVector a1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS);
        FloatVector b1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT);
        FloatVector a2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS);
        FloatVector b2 = FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT);
        FloatVector a3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS);
        FloatVector b3 = FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT);
        for (int k = 0, p = xAt, q = 0; k < depth; k++, p += 4, q += stride) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + q);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + q);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 1]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
            e = FloatVector.broadcast(FLOATS, x[p + 2]);
            a2 = e.fma(u, a2);
            b2 = e.fma(v, b2);
            e = FloatVector.broadcast(FLOATS, x[p + 3]);
            a3 = e.fma(u, a3);
            b3 = e.fma(v, b3);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
        a1.intoArray(y, yAt + COLUMNS);
        b1.intoArray(y, yAt + COLUMNS + COUNT);
        a2.intoArray(y, yAt + 2 * COLUMNS);
        b2.intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.intoArray(y, yAt + 3 * COLUMNS);
        b3.intoArray(y, yAt + 3 * COLUMNS + COUNT);
    }

    private static void rows2(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, y, yAt);
        FloatVector b0 = FloatVector.fromArray(FLOATS, y, yAt + COUNT);
        FloatVector a1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS);
        FloatVector b1 = FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT);
        for (int k = 0, p = xAt, q = 0; k < depth; k++, p += 2, q += stride) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + q);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + q);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 1]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
        a1.intoArray(y, yAt + COLUMNS);
        b1.intoArray(y, yAt + COLUMNS + COUNT);
    }

    private static void rows1(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, y, yAt);
        FloatVector b0 = FloatVector.fromArray(FLOATS, y, yAt + COUNT);
        for (int k = 0, q = 0; k < depth; k++, q += stride) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + q);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + q);
            FloatVector e = FloatVector.broadcast(FLOATS, x[xAt + k]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
        }
        a0.intoArray(y, yAt);
        b0.intoArray(y, yAt + COUNT);
    }
}

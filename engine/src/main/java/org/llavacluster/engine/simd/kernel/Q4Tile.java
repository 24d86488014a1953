package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Q4Block.BLOCK;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import jdk.incubator.vector.FloatVector;

/**
 * Multiplies several rows with two vectors of q4_0 columns that {@link Dequantisation#nibbles} has turned into floats.
 * {@link Q4Block} gives the formula. The inner loop ends at a constant, so that C2 neither unrolls it nor spills
 * registers.
 */
public final class Q4Tile {

    /** Largest number of rows whose sums stay in registers. */
    public static final int MOST_ROWS = Tile.manyRegisters() ? 8 : 6;

    private Q4Tile() {}

    /**
     * Adds the products of consecutive blocks to y.
     *
     * @param rows 1, 2, 4, 6 or 8, at most {@link #MOST_ROWS}
     * @param x from {@code xAt} on the values of the first block, [32 for each block][rows]
     * @param starts where in x the starts of these blocks are, [blocks][rows]
     * @param w from {@code w0} on the floats of the first vector's columns, a panel's row apart; {@code w1} likewise
     * @param s0 where in w the scales of the first vector's columns are, likewise; {@code s1} likewise
     * @param y [rows][2 vectors] of sums from {@code yAt} on
     */
    public static void multiply(
            int rows,
            float[] x,
            int xAt,
            int starts,
            float[] w,
            int w0,
            int w1,
            int s0,
            int s1,
            int blocks,
            float[] y,
            int yAt) {
        for (int block = 0; block < blocks; block++) {
            int p = xAt + block * BLOCK * rows;
            int s = starts + block * rows;
            int u = w0 + block * BLOCK * PANEL;
            int v = w1 + block * BLOCK * PANEL;
            int t0 = s0 + block * PANEL;
            int t1 = s1 + block * PANEL;
            switch (rows) {
                case 8 -> rows8(x, p, s, w, u, v, t0, t1, y, yAt);
                case 6 -> rows6(x, p, s, w, u, v, t0, t1, y, yAt);
                case 4 -> rows4(x, p, s, w, u, v, t0, t1, y, yAt);
                case 2 -> rows2(x, p, s, w, u, v, t0, t1, y, yAt);
                case 1 -> rows1(x, p, s, w, u, v, t0, t1, y, yAt);
                default -> throw new IllegalArgumentException("no tile of " + rows + " rows");
            }
        }
    }

    private static void rows8(
            float[] x, int xAt, int s, float[] w, int w0, int w1, int s0, int s1, float[] y, int yAt) {
        FloatVector a0 = FloatVector.broadcast(FLOATS, x[s]);
        FloatVector b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOATS, x[s + 1]);
        FloatVector b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOATS, x[s + 2]);
        FloatVector b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOATS, x[s + 3]);
        FloatVector b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOATS, x[s + 4]);
        FloatVector b4 = a4;
        FloatVector a5 = FloatVector.broadcast(FLOATS, x[s + 5]);
        FloatVector b5 = a5;
        FloatVector a6 = FloatVector.broadcast(FLOATS, x[s + 6]);
        FloatVector b6 = a6;
        FloatVector a7 = FloatVector.broadcast(FLOATS, x[s + 7]);
        FloatVector b7 = a7;
        for (int k = 0, p = xAt; k < BLOCK; k++, p += 8) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + k * PANEL);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + k * PANEL);
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
        FloatVector c = FloatVector.fromArray(FLOATS, w, s0);
        FloatVector d = FloatVector.fromArray(FLOATS, w, s1);
        a0.fma(c, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        b0.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
        a1.fma(c, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
        b1.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT)).intoArray(y, yAt + COLUMNS + COUNT);
        a2.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
        b2.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT)).intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
        b3.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT)).intoArray(y, yAt + 3 * COLUMNS + COUNT);
        a4.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS)).intoArray(y, yAt + 4 * COLUMNS);
        b4.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT)).intoArray(y, yAt + 4 * COLUMNS + COUNT);
        a5.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS)).intoArray(y, yAt + 5 * COLUMNS);
        b5.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT)).intoArray(y, yAt + 5 * COLUMNS + COUNT);
        a6.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS)).intoArray(y, yAt + 6 * COLUMNS);
        b6.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 6 * COLUMNS + COUNT)).intoArray(y, yAt + 6 * COLUMNS + COUNT);
        a7.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS)).intoArray(y, yAt + 7 * COLUMNS);
        b7.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 7 * COLUMNS + COUNT)).intoArray(y, yAt + 7 * COLUMNS + COUNT);
    }

    private static void rows6(
            float[] x, int xAt, int s, float[] w, int w0, int w1, int s0, int s1, float[] y, int yAt) {
        FloatVector a0 = FloatVector.broadcast(FLOATS, x[s]);
        FloatVector b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOATS, x[s + 1]);
        FloatVector b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOATS, x[s + 2]);
        FloatVector b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOATS, x[s + 3]);
        FloatVector b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOATS, x[s + 4]);
        FloatVector b4 = a4;
        FloatVector a5 = FloatVector.broadcast(FLOATS, x[s + 5]);
        FloatVector b5 = a5;
        for (int k = 0, p = xAt; k < BLOCK; k++, p += 6) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + k * PANEL);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + k * PANEL);
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
        }
        FloatVector c = FloatVector.fromArray(FLOATS, w, s0);
        FloatVector d = FloatVector.fromArray(FLOATS, w, s1);
        a0.fma(c, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        b0.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
        a1.fma(c, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
        b1.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT)).intoArray(y, yAt + COLUMNS + COUNT);
        a2.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
        b2.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT)).intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
        b3.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT)).intoArray(y, yAt + 3 * COLUMNS + COUNT);
        a4.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS)).intoArray(y, yAt + 4 * COLUMNS);
        b4.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 4 * COLUMNS + COUNT)).intoArray(y, yAt + 4 * COLUMNS + COUNT);
        a5.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS)).intoArray(y, yAt + 5 * COLUMNS);
        b5.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 5 * COLUMNS + COUNT)).intoArray(y, yAt + 5 * COLUMNS + COUNT);
    }

    private static void rows4(
            float[] x, int xAt, int s, float[] w, int w0, int w1, int s0, int s1, float[] y, int yAt) {
        FloatVector a0 = FloatVector.broadcast(FLOATS, x[s]);
        FloatVector b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOATS, x[s + 1]);
        FloatVector b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOATS, x[s + 2]);
        FloatVector b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOATS, x[s + 3]);
        FloatVector b3 = a3;
        for (int k = 0, p = xAt; k < BLOCK; k++, p += 4) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + k * PANEL);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + k * PANEL);
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
        FloatVector c = FloatVector.fromArray(FLOATS, w, s0);
        FloatVector d = FloatVector.fromArray(FLOATS, w, s1);
        a0.fma(c, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        b0.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
        a1.fma(c, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
        b1.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT)).intoArray(y, yAt + COLUMNS + COUNT);
        a2.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS)).intoArray(y, yAt + 2 * COLUMNS);
        b2.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 2 * COLUMNS + COUNT)).intoArray(y, yAt + 2 * COLUMNS + COUNT);
        a3.fma(c, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS)).intoArray(y, yAt + 3 * COLUMNS);
        b3.fma(d, FloatVector.fromArray(FLOATS, y, yAt + 3 * COLUMNS + COUNT)).intoArray(y, yAt + 3 * COLUMNS + COUNT);
    }

    private static void rows2(
            float[] x, int xAt, int s, float[] w, int w0, int w1, int s0, int s1, float[] y, int yAt) {
        FloatVector a0 = FloatVector.broadcast(FLOATS, x[s]);
        FloatVector b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOATS, x[s + 1]);
        FloatVector b1 = a1;
        for (int k = 0, p = xAt; k < BLOCK; k++, p += 2) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + k * PANEL);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + k * PANEL);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 1]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
        }
        FloatVector c = FloatVector.fromArray(FLOATS, w, s0);
        FloatVector d = FloatVector.fromArray(FLOATS, w, s1);
        a0.fma(c, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        b0.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
        a1.fma(c, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS)).intoArray(y, yAt + COLUMNS);
        b1.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COLUMNS + COUNT)).intoArray(y, yAt + COLUMNS + COUNT);
    }

    private static void rows1(
            float[] x, int xAt, int s, float[] w, int w0, int w1, int s0, int s1, float[] y, int yAt) {
        FloatVector a0 = FloatVector.broadcast(FLOATS, x[s]);
        FloatVector b0 = a0;
        for (int k = 0, p = xAt; k < BLOCK; k++, p += 1) {
            FloatVector u = FloatVector.fromArray(FLOATS, w, w0 + k * PANEL);
            FloatVector v = FloatVector.fromArray(FLOATS, w, w1 + k * PANEL);
            FloatVector e = FloatVector.broadcast(FLOATS, x[p]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
        }
        FloatVector c = FloatVector.fromArray(FLOATS, w, s0);
        FloatVector d = FloatVector.fromArray(FLOATS, w, s1);
        a0.fma(c, FloatVector.fromArray(FLOATS, y, yAt)).intoArray(y, yAt);
        b0.fma(d, FloatVector.fromArray(FLOATS, y, yAt + COUNT)).intoArray(y, yAt + COUNT);
    }
}

package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Tile.COLUMNS;

import jdk.incubator.vector.FloatVector;

/**
 * The register tile of six rows, the largest whose sums fit 16 registers. Each turn of the loop takes two values of k;
 * with one, C2 unrolls the loop itself and spills registers.
 */
final class SixRowTile {

    private SixRowTile() {}

    /** Same contract as {@link Tile#multiply}. */
    static void multiply(float[] x, int xAt, float[] w, int w0, int w1, int stride, int depth, float[] y, int yAt) {
        pairs(x, xAt, w, w0, w1, stride, depth / 2, y, yAt);
        if (depth % 2 != 0) {
            int last = depth - 1;
            int u = w0 + last * stride;
            int v = w1 + last * stride;
            // Six rows are packed as four rows followed by two rows.
            Tile.multiply(4, x, xAt + last * 6, w, u, v, stride, 1, y, yAt);
            Tile.multiply(2, x, xAt + last * 6 + 4, w, u, v, stride, 1, y, yAt + 4 * COLUMNS);
        }
    }

    private static void pairs(
            float[] x, int xAt, float[] w, int w0, int w1, int stride, int pairs, float[] y, int yAt) {
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
        for (int pair = 0, p = xAt, q = 0; pair < pairs; pair++, p += 12, q += 2 * stride) {
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
            u = FloatVector.fromArray(FLOATS, w, w0 + q + stride);
            v = FloatVector.fromArray(FLOATS, w, w1 + q + stride);
            e = FloatVector.broadcast(FLOATS, x[p + 6]);
            a0 = e.fma(u, a0);
            b0 = e.fma(v, b0);
            e = FloatVector.broadcast(FLOATS, x[p + 7]);
            a1 = e.fma(u, a1);
            b1 = e.fma(v, b1);
            e = FloatVector.broadcast(FLOATS, x[p + 8]);
            a2 = e.fma(u, a2);
            b2 = e.fma(v, b2);
            e = FloatVector.broadcast(FLOATS, x[p + 9]);
            a3 = e.fma(u, a3);
            b3 = e.fma(v, b3);
            e = FloatVector.broadcast(FLOATS, x[p + 10]);
            a4 = e.fma(u, a4);
            b4 = e.fma(v, b4);
            e = FloatVector.broadcast(FLOATS, x[p + 11]);
            a5 = e.fma(u, a5);
            b5 = e.fma(v, b5);
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
    }
}

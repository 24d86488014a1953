package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Widening.bfloats;
import static org.llavacluster.engine.simd.kernel.Widening.lower;
import static org.llavacluster.engine.simd.kernel.Widening.pair;
import static org.llavacluster.engine.simd.kernel.Widening.upper;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * One row times four vectors of columns, straight from the stored weights: what decoding one sequence spends its time on. The floats
 * and the chains are those of {@link Widening} and {@link Tile}. Four vectors are four streams through memory, which one core reads
 * a quarter faster than two; with more, C2 no longer inlines it all.
 *
 * <p>All read panels of {@code panelBytes} from {@code w}; x is [depth]; the sums of the columns from {@code column} on go to {@code y}
 * from {@code at} on. A column whose panel would be beyond {@code panels} is read from the last panel instead, and its sum means
 * nothing.
 */
public final class Gemv {

    /** Columns that one call computes. */
    public static final int COLUMNS = 4 * COUNT;

    private Gemv() {}

    /** Where the panel of vector {@code i} begins. */
    private static long panel(int column, int i, int panels, long panelBytes) {
        return Math.min((column + i * COUNT) / PANEL, panels - 1) * panelBytes;
    }

    /** The lane of its panel that vector {@code i} begins at. */
    private static long lane(int column, int i) {
        return (column + i * COUNT) % PANEL;
    }

    /** Float32, [depth, 16]. */
    public static void floats(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long p0 = panel(column, 0, panels, panelBytes) + lane(column, 0) * Float.BYTES;
        long p1 = panel(column, 1, panels, panelBytes) + lane(column, 1) * Float.BYTES;
        long p2 = panel(column, 2, panels, panelBytes) + lane(column, 2) * Float.BYTES;
        long p3 = panel(column, 3, panels, panelBytes) + lane(column, 3) * Float.BYTES;
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = FloatVector.zero(FLOATS);
        FloatVector y2 = FloatVector.zero(FLOATS);
        FloatVector y3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            long k0 = (long) k * PANEL * Float.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            y0 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p0 + k0, ByteOrder.LITTLE_ENDIAN), y0);
            y1 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p1 + k0, ByteOrder.LITTLE_ENDIAN), y1);
            y2 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p2 + k0, ByteOrder.LITTLE_ENDIAN), y2);
            y3 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p3 + k0, ByteOrder.LITTLE_ENDIAN), y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }

    /** Bfloat16, [depth, 16]. */
    public static void halves(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long p0 = panel(column, 0, panels, panelBytes) + lane(column, 0) * Short.BYTES;
        long p1 = panel(column, 1, panels, panelBytes) + lane(column, 1) * Short.BYTES;
        long p2 = panel(column, 2, panels, panelBytes) + lane(column, 2) * Short.BYTES;
        long p3 = panel(column, 3, panels, panelBytes) + lane(column, 3) * Short.BYTES;
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = FloatVector.zero(FLOATS);
        FloatVector y2 = FloatVector.zero(FLOATS);
        FloatVector y3 = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            long k0 = (long) k * PANEL * Short.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            y0 = e.fma(bfloats(w, p0 + k0), y0);
            y1 = e.fma(bfloats(w, p1 + k0), y1);
            y2 = e.fma(bfloats(w, p2 + k0), y2);
            y3 = e.fma(bfloats(w, p3 + k0), y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }

    /** Scales and bytes, block after block of {@code block} values along k. */
    public static void bytes(
            float[] x,
            int depth,
            MemorySegment w,
            int panels,
            long panelBytes,
            int column,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        long s0 = panel(column, 0, panels, panelBytes) + lane(column, 0) * Short.BYTES;
        long q0 = s0 + PANEL * Short.BYTES - lane(column, 0);
        long s1 = panel(column, 1, panels, panelBytes) + lane(column, 1) * Short.BYTES;
        long q1 = s1 + PANEL * Short.BYTES - lane(column, 1);
        long s2 = panel(column, 2, panels, panelBytes) + lane(column, 2) * Short.BYTES;
        long q2 = s2 + PANEL * Short.BYTES - lane(column, 2);
        long s3 = panel(column, 3, panels, panelBytes) + lane(column, 3) * Short.BYTES;
        long q3 = s3 + PANEL * Short.BYTES - lane(column, 3);
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = FloatVector.zero(FLOATS);
        FloatVector y2 = FloatVector.zero(FLOATS);
        FloatVector y3 = FloatVector.zero(FLOATS);
        long step = 0;
        for (int first = 0; first < depth; first += block, step += blockBytes) {
            FloatVector scale0 = bfloats(w, s0 + step);
            FloatVector scale1 = bfloats(w, s1 + step);
            FloatVector scale2 = bfloats(w, s2 + step);
            FloatVector scale3 = bfloats(w, s3 + step);
            int count = Math.min(block, depth - first);
            for (int k = 0; k < count; k++) {
                long k0 = step + k * PANEL;
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + k]);
                y0 = e.fma(Widening.bytes(w, q0 + k0).mul(scale0), y0);
                y1 = e.fma(Widening.bytes(w, q1 + k0).mul(scale1), y1);
                y2 = e.fma(Widening.bytes(w, q2 + k0).mul(scale2), y2);
                y3 = e.fma(Widening.bytes(w, q3 + k0).mul(scale3), y3);
            }
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }

    /**
     * Scales and half bytes, two k in a byte; otherwise as {@link #bytes}. Two vectors after the other two: C2 does not inline a body
     * that holds four of these, and then it is thirty times as slow.
     */
    public static void nibbles(
            float[] x,
            int depth,
            MemorySegment w,
            int panels,
            long panelBytes,
            int column,
            int block,
            int blockBytes,
            float[] y,
            int at) {
        for (int i = 0; i < 4; i += 2) {
            long a = panel(column, i, panels, panelBytes);
            long b = panel(column, i + 1, panels, panelBytes);
            nibbles(
                    x,
                    depth,
                    w,
                    a + lane(column, i) * Short.BYTES,
                    a + PANEL * Short.BYTES + lane(column, i),
                    b + lane(column, i + 1) * Short.BYTES,
                    b + PANEL * Short.BYTES + lane(column, i + 1),
                    block,
                    blockBytes,
                    y,
                    at + i * COUNT);
        }
    }

    private static void nibbles(
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
        FloatVector u = FloatVector.zero(FLOATS);
        FloatVector v = FloatVector.zero(FLOATS);
        long step = 0;
        for (int first = 0; first < depth; first += block, step += blockBytes) {
            FloatVector aScale = bfloats(w, a + step);
            FloatVector bScale = bfloats(w, b + step);
            FloatVector aOffset = aScale.mul(-8f);
            FloatVector bOffset = bScale.mul(-8f);
            int count = Math.min(block, depth - first);
            int pairs = count / 2;
            for (int k = 0; k < pairs; k++) {
                IntVector p = pair(w, aBytes + step + k * PANEL);
                IntVector q = pair(w, bBytes + step + k * PANEL);
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + 2 * k]);
                u = e.fma(lower(p, aScale, aOffset), u);
                v = e.fma(lower(q, bScale, bOffset), v);
                e = FloatVector.broadcast(FLOATS, x[first + 2 * k + 1]);
                u = e.fma(upper(p, aScale, aOffset), u);
                v = e.fma(upper(q, bScale, bOffset), v);
            }
            if (count % 2 == 1) {
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + count - 1]);
                u = e.fma(lower(pair(w, aBytes + step + pairs * PANEL), aScale, aOffset), u);
                v = e.fma(lower(pair(w, bBytes + step + pairs * PANEL), bScale, bOffset), v);
            }
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }
}

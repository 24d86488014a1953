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
 * One row times two vectors of columns, straight from the stored weights: what decoding one sequence spends its time on. The floats and
 * the chains are those of {@link Widening} and {@link Tile}.
 *
 * <p>{@code a} and {@code b} are where the two vectors begin, in bytes; sums go to {@code y} from {@code at} on.
 */
public final class Gemv {

    private Gemv() {}

    /** Float32, [depth, 16]. */
    public static void floats(float[] x, int depth, MemorySegment w, long a, long b, float[] y, int at) {
        FloatVector u = FloatVector.zero(FLOATS);
        FloatVector v = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            long offset = (long) k * PANEL * Float.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            u = e.fma(FloatVector.fromMemorySegment(FLOATS, w, a + offset, ByteOrder.LITTLE_ENDIAN), u);
            v = e.fma(FloatVector.fromMemorySegment(FLOATS, w, b + offset, ByteOrder.LITTLE_ENDIAN), v);
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }

    /** Bfloat16, [depth, 16]. */
    public static void halves(float[] x, int depth, MemorySegment w, long a, long b, float[] y, int at) {
        FloatVector u = FloatVector.zero(FLOATS);
        FloatVector v = FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            long offset = (long) k * PANEL * Short.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            u = e.fma(bfloats(w, a + offset), u);
            v = e.fma(bfloats(w, b + offset), v);
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }

    /**
     * Scales and bytes, block after block of {@code block} values along k.
     *
     * @param a where the first block's scales are; b likewise
     * @param aBytes where its bytes are; bBytes likewise
     * @param blockBytes from one block to the next
     */
    public static void bytes(
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
            int count = Math.min(block, depth - first);
            for (int k = 0; k < count; k++) {
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + k]);
                u = e.fma(Widening.bytes(w, aBytes + step + k * PANEL).mul(aScale), u);
                v = e.fma(Widening.bytes(w, bBytes + step + k * PANEL).mul(bScale), v);
            }
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }

    /** Scales and half bytes, two k in a byte; otherwise as {@link #bytes}. */
    public static void nibbles(
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
            int pairs = Math.min(block, depth - first) / 2;
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
            if (first + 2 * pairs < depth && pairs < block / 2) {
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + 2 * pairs]);
                u = e.fma(lower(pair(w, aBytes + step + pairs * PANEL), aScale, aOffset), u);
                v = e.fma(lower(pair(w, bBytes + step + pairs * PANEL), bScale, bOffset), v);
            }
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }
}

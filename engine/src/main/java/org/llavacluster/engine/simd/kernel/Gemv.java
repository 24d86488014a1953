package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Multiplies one row with eight vectors of columns, directly from the stored weights. Decoding one sequence spends most
 * of its time here. Floats and order of additions are those of {@link Dequantisation} and {@link Tile}. Each vector is
 * a stream through memory of its own: the more streams, the less often all of them wait at a page boundary, where the
 * prefetcher starts anew.
 *
 * <p>All kernels read panels of {@code panelBytes} from {@code w}; x is [depth]; the sums of the columns from {@code
 * column} on go to {@code y} from {@code at} on. Columns beyond the last panel are read from the last panel; their sums
 * are meaningless.
 *
 * <p>Kernels call the Vector API directly instead of helper methods. C2 inlines methods outside the JDK only while the
 * caller has fewer than 18,000 graph nodes, and a kernel with one call left in it is thirty times slower.
 */
public final class Gemv {

    /** Number of columns that one call computes. */
    public static final int COLUMNS = 8 * COUNT;

    private Gemv() {}

    /** Offset of the panel that holds vector {@code i}, in bytes. */
    public static long panel(int column, int i, int panels, long panelBytes) {
        return Math.min((column + i * COUNT) / PANEL, panels - 1) * panelBytes;
    }

    /** First lane of vector {@code i} in its panel. */
    public static long lane(int column, int i) {
        return (column + i * COUNT) % PANEL;
    }

    /** Float32, [depth, 16]. */
    public static void floats(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        for (int i = 0; i < COLUMNS; i += 4 * COUNT) {
            fourOfFloats(x, depth, w, panels, panelBytes, column + i, y, at + i);
        }
    }

    private static void fourOfFloats(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long p0 = panel(column, 0, panels, panelBytes) + lane(column, 0) * Float.BYTES;
        long p1 = panel(column, 1, panels, panelBytes) + lane(column, 1) * Float.BYTES;
        long p2 = panel(column, 2, panels, panelBytes) + lane(column, 2) * Float.BYTES;
        long p3 = panel(column, 3, panels, panelBytes) + lane(column, 3) * Float.BYTES;
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = y0;
        FloatVector y2 = y0;
        FloatVector y3 = y0;
        for (int k = 0; k < depth; k++) {
            long k0 = (long) k * PANEL * Float.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            y0 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p0 + k0, LITTLE_ENDIAN), y0);
            y1 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p1 + k0, LITTLE_ENDIAN), y1);
            y2 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p2 + k0, LITTLE_ENDIAN), y2);
            y3 = e.fma(FloatVector.fromMemorySegment(FLOATS, w, p3 + k0, LITTLE_ENDIAN), y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }

    /** Bfloat16, [depth, 16]. */
    public static void halves(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        for (int i = 0; i < COLUMNS; i += 4 * COUNT) {
            fourOfHalves(x, depth, w, panels, panelBytes, column + i, y, at + i);
        }
    }

    private static void fourOfHalves(
            float[] x, int depth, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long p0 = panel(column, 0, panels, panelBytes) + lane(column, 0) * Short.BYTES;
        long p1 = panel(column, 1, panels, panelBytes) + lane(column, 1) * Short.BYTES;
        long p2 = panel(column, 2, panels, panelBytes) + lane(column, 2) * Short.BYTES;
        long p3 = panel(column, 3, panels, panelBytes) + lane(column, 3) * Short.BYTES;
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = y0;
        FloatVector y2 = y0;
        FloatVector y3 = y0;
        for (int k = 0; k < depth; k++) {
            long k0 = (long) k * PANEL * Short.BYTES;
            FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
            IntVector w0 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p0 + k0, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y0 = e.fma(w0.lanewise(LSHL, 16).reinterpretAsFloats(), y0);
            IntVector w1 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p1 + k0, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y1 = e.fma(w1.lanewise(LSHL, 16).reinterpretAsFloats(), y1);
            IntVector w2 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p2 + k0, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y2 = e.fma(w2.lanewise(LSHL, 16).reinterpretAsFloats(), y2);
            IntVector w3 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p3 + k0, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y3 = e.fma(w3.lanewise(LSHL, 16).reinterpretAsFloats(), y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }
}

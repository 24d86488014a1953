package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
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

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** {@link Gemv} for q4_0; {@link Q4Block} gives the formula. */
public final class Q4Gemv {

    private Q4Gemv() {}

    /**
     * Multiplies consecutive blocks.
     *
     * @param x [32 * blocks], then the starts [blocks]
     */
    public static void multiply(
            float[] x, int blocks, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        for (int i = 0; i < Gemv.COLUMNS; i += 4 * COUNT) {
            fourVectors(x, blocks, w, panels, panelBytes, column + i, y, at + i);
        }
    }

    private static void fourVectors(
            float[] x, int blocks, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long s0 = Gemv.panel(column, 0, panels, panelBytes) + Gemv.lane(column, 0) * Short.BYTES;
        long p0 = Gemv.panel(column, 0, panels, panelBytes) + SCALE_BYTES + Gemv.lane(column, 0) * Integer.BYTES;
        long s1 = Gemv.panel(column, 1, panels, panelBytes) + Gemv.lane(column, 1) * Short.BYTES;
        long p1 = Gemv.panel(column, 1, panels, panelBytes) + SCALE_BYTES + Gemv.lane(column, 1) * Integer.BYTES;
        long s2 = Gemv.panel(column, 2, panels, panelBytes) + Gemv.lane(column, 2) * Short.BYTES;
        long p2 = Gemv.panel(column, 2, panels, panelBytes) + SCALE_BYTES + Gemv.lane(column, 2) * Integer.BYTES;
        long s3 = Gemv.panel(column, 3, panels, panelBytes) + Gemv.lane(column, 3) * Short.BYTES;
        long p3 = Gemv.panel(column, 3, panels, panelBytes) + SCALE_BYTES + Gemv.lane(column, 3) * Integer.BYTES;
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = y0;
        FloatVector y2 = y0;
        FloatVector y3 = y0;
        int starts = blocks * Q4Block.BLOCK;
        int k = 0;
        for (int block = 0; block < blocks; block++) {
            long offset = (long) block * BLOCK_BYTES;
            FloatVector t0 = FloatVector.broadcast(FLOATS, x[starts + block]);
            FloatVector t1 = t0;
            FloatVector t2 = t0;
            FloatVector t3 = t0;
            for (int group = 0; group < GROUPS; group++) {
                long here = offset + group * GROUP_BYTES;
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, p0 + here, LITTLE_ENDIAN);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, p1 + here, LITTLE_ENDIAN);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, p2 + here, LITTLE_ENDIAN);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, p3 + here, LITTLE_ENDIAN);
                for (int pair = 0; pair < PAIRS; pair++, k += 2) {
                    FloatVector e = FloatVector.broadcast(FLOATS, x[k]);
                    FloatVector f = FloatVector.broadcast(FLOATS, x[k + 1]);
                    t0 = e.fma(w0.and(EVEN).or(EVEN_BITS).reinterpretAsFloats(), t0);
                    t0 = f.fma(w0.and(ODD).or(ODD_BITS).reinterpretAsFloats(), t0);
                    w0 = w0.lanewise(ROL, PAIR_BITS);
                    t1 = e.fma(w1.and(EVEN).or(EVEN_BITS).reinterpretAsFloats(), t1);
                    t1 = f.fma(w1.and(ODD).or(ODD_BITS).reinterpretAsFloats(), t1);
                    w1 = w1.lanewise(ROL, PAIR_BITS);
                    t2 = e.fma(w2.and(EVEN).or(EVEN_BITS).reinterpretAsFloats(), t2);
                    t2 = f.fma(w2.and(ODD).or(ODD_BITS).reinterpretAsFloats(), t2);
                    w2 = w2.lanewise(ROL, PAIR_BITS);
                    t3 = e.fma(w3.and(EVEN).or(EVEN_BITS).reinterpretAsFloats(), t3);
                    t3 = f.fma(w3.and(ODD).or(ODD_BITS).reinterpretAsFloats(), t3);
                    w3 = w3.lanewise(ROL, PAIR_BITS);
                }
            }
            IntVector bits0 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, s0 + offset, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y0 = t0.fma(bits0.lanewise(LSHL, 16).reinterpretAsFloats(), y0);
            IntVector bits1 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, s1 + offset, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y1 = t1.fma(bits1.lanewise(LSHL, 16).reinterpretAsFloats(), y1);
            IntVector bits2 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, s2 + offset, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y2 = t2.fma(bits2.lanewise(LSHL, 16).reinterpretAsFloats(), y2);
            IntVector bits3 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, s3 + offset, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            y3 = t3.fma(bits3.lanewise(LSHL, 16).reinterpretAsFloats(), y3);
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
    }
}

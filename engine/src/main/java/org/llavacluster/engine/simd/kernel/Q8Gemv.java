package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.BYTES;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Q8Block.BLOCK;
import static org.llavacluster.engine.simd.kernel.Q8Block.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Q8Block.SCALES_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** {@link Gemv} for q8_0. */
public final class Q8Gemv {

    private Q8Gemv() {}

    /**
     * Multiplies the first {@code blocks} blocks in the layout of {@link Q8Block}.
     *
     * @param x [blocks * 32] at least
     */
    public static void multiply(
            float[] x, int blocks, MemorySegment w, int panels, long panelBytes, int column, float[] y, int at) {
        long p0 = Gemv.panel(column, 0, panels, panelBytes) + Gemv.lane(column, 0) * Short.BYTES;
        long q0 = Gemv.panel(column, 0, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 0);
        long p1 = Gemv.panel(column, 1, panels, panelBytes) + Gemv.lane(column, 1) * Short.BYTES;
        long q1 = Gemv.panel(column, 1, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 1);
        long p2 = Gemv.panel(column, 2, panels, panelBytes) + Gemv.lane(column, 2) * Short.BYTES;
        long q2 = Gemv.panel(column, 2, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 2);
        long p3 = Gemv.panel(column, 3, panels, panelBytes) + Gemv.lane(column, 3) * Short.BYTES;
        long q3 = Gemv.panel(column, 3, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 3);
        long p4 = Gemv.panel(column, 4, panels, panelBytes) + Gemv.lane(column, 4) * Short.BYTES;
        long q4 = Gemv.panel(column, 4, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 4);
        long p5 = Gemv.panel(column, 5, panels, panelBytes) + Gemv.lane(column, 5) * Short.BYTES;
        long q5 = Gemv.panel(column, 5, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 5);
        long p6 = Gemv.panel(column, 6, panels, panelBytes) + Gemv.lane(column, 6) * Short.BYTES;
        long q6 = Gemv.panel(column, 6, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 6);
        long p7 = Gemv.panel(column, 7, panels, panelBytes) + Gemv.lane(column, 7) * Short.BYTES;
        long q7 = Gemv.panel(column, 7, panels, panelBytes) + SCALES_BYTES + Gemv.lane(column, 7);
        FloatVector y0 = FloatVector.zero(FLOATS);
        FloatVector y1 = y0;
        FloatVector y2 = y0;
        FloatVector y3 = y0;
        FloatVector y4 = y0;
        FloatVector y5 = y0;
        FloatVector y6 = y0;
        FloatVector y7 = y0;
        long step = 0;
        for (int first = 0; first < blocks * BLOCK; first += BLOCK, step += BLOCK_BYTES) {
            IntVector bits0 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p0 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s0 = bits0.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits1 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p1 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s1 = bits1.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits2 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p2 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s2 = bits2.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits3 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p3 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s3 = bits3.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits4 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p4 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s4 = bits4.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits5 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p5 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s5 = bits5.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits6 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p6 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s6 = bits6.lanewise(LSHL, 16).reinterpretAsFloats();
            IntVector bits7 = (IntVector) ShortVector.fromMemorySegment(SHORTS, w, p7 + step, LITTLE_ENDIAN)
                    .convertShape(ZERO_EXTEND_S2I, INTS, 0);
            FloatVector s7 = bits7.lanewise(LSHL, 16).reinterpretAsFloats();
            for (int k = 0; k < BLOCK; k++) {
                long k0 = step + k * PANEL;
                FloatVector e = FloatVector.broadcast(FLOATS, x[first + k]);
                FloatVector w0 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q0 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y0 = e.fma(w0.mul(s0), y0);
                FloatVector w1 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q1 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y1 = e.fma(w1.mul(s1), y1);
                FloatVector w2 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q2 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y2 = e.fma(w2.mul(s2), y2);
                FloatVector w3 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q3 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y3 = e.fma(w3.mul(s3), y3);
                FloatVector w4 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q4 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y4 = e.fma(w4.mul(s4), y4);
                FloatVector w5 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q5 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y5 = e.fma(w5.mul(s5), y5);
                FloatVector w6 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q6 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y6 = e.fma(w6.mul(s6), y6);
                FloatVector w7 = (FloatVector) ByteVector.fromMemorySegment(BYTES, w, q7 + k0, LITTLE_ENDIAN)
                        .convertShape(B2F, FLOATS, 0);
                y7 = e.fma(w7.mul(s7), y7);
            }
        }
        y0.intoArray(y, at);
        y1.intoArray(y, at + COUNT);
        y2.intoArray(y, at + 2 * COUNT);
        y3.intoArray(y, at + 3 * COUNT);
        y4.intoArray(y, at + 4 * COUNT);
        y5.intoArray(y, at + 5 * COUNT);
        y6.intoArray(y, at + 6 * COUNT);
        y7.intoArray(y, at + 7 * COUNT);
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP_BYTES;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.HIGH_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.LOW_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE_BITS;
import static org.llavacluster.engine.simd.kernel.Nibbles.MIDDLE_ONE;
import static org.llavacluster.engine.simd.kernel.Nibbles.SHIFT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** {@link Gemv} over scales and half bytes; how floats are made of these is told in {@link Nibbles}. */
public final class GemvOfNibbles {

    private GemvOfNibbles() {}

    /**
     * Some groups of one block, two vectors of columns; goes on with the chains that y holds. With more vectors the constants would not stay in
     * registers.
     *
     * @param first k of the first group
     * @param groups how many
     * @param a where the first vector's scales are, in bytes; b likewise
     * @param aBytes where its ints of the first group are; bBytes likewise
     * @param y two vectors of sums, from {@code at} on
     */
    public static void multiply(
            float[] x,
            int first,
            int groups,
            MemorySegment w,
            long a,
            long aBytes,
            long b,
            long bBytes,
            float[] y,
            int at) {
        IntVector aBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, a, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector aScale = aBits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector aLow = aScale.mul(-LOW_ONE - 8);
        FloatVector aMiddle = aScale.mul(-MIDDLE_ONE - 8);
        FloatVector aHigh = aScale.mul(-HIGH_ONE - 8);
        IntVector bBits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, b, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector bScale = bBits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector bLow = bScale.mul(-LOW_ONE - 8);
        FloatVector bMiddle = bScale.mul(-MIDDLE_ONE - 8);
        FloatVector bHigh = bScale.mul(-HIGH_ONE - 8);
        FloatVector u = FloatVector.fromArray(FLOATS, y, at);
        FloatVector v = FloatVector.fromArray(FLOATS, y, at + COUNT);
        for (int group = 0, i = first; group < groups; group++, i += GROUP) {
            IntVector aHere = IntVector.fromMemorySegment(INTS, w, aBytes + group * GROUP_BYTES, LITTLE_ENDIAN);
            IntVector aLeft = aHere.lanewise(LSHL, SHIFT);
            IntVector aRight = aHere.lanewise(LSHR, SHIFT);
            IntVector bHere = IntVector.fromMemorySegment(INTS, w, bBytes + group * GROUP_BYTES, LITTLE_ENDIAN);
            IntVector bLeft = bHere.lanewise(LSHL, SHIFT);
            IntVector bRight = bHere.lanewise(LSHR, SHIFT);
            FloatVector e = FloatVector.broadcast(FLOATS, x[i]);
            u = e.fma(aLeft.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(aScale, aMiddle), u);
            v = e.fma(bLeft.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(bScale, bMiddle), v);
            e = FloatVector.broadcast(FLOATS, x[i + 1]);
            u = e.fma(aLeft.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(aScale, aHigh), u);
            v = e.fma(bLeft.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(bScale, bHigh), v);
            e = FloatVector.broadcast(FLOATS, x[i + 2]);
            u = e.fma(aHere.and(LOW).or(LOW_BITS).reinterpretAsFloats().fma(aScale, aLow), u);
            v = e.fma(bHere.and(LOW).or(LOW_BITS).reinterpretAsFloats().fma(bScale, bLow), v);
            e = FloatVector.broadcast(FLOATS, x[i + 3]);
            u = e.fma(aHere.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(aScale, aMiddle), u);
            v = e.fma(bHere.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(bScale, bMiddle), v);
            e = FloatVector.broadcast(FLOATS, x[i + 4]);
            u = e.fma(aHere.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(aScale, aHigh), u);
            v = e.fma(bHere.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(bScale, bHigh), v);
            e = FloatVector.broadcast(FLOATS, x[i + 5]);
            u = e.fma(aRight.and(LOW).or(LOW_BITS).reinterpretAsFloats().fma(aScale, aLow), u);
            v = e.fma(bRight.and(LOW).or(LOW_BITS).reinterpretAsFloats().fma(bScale, bLow), v);
            e = FloatVector.broadcast(FLOATS, x[i + 6]);
            u = e.fma(aRight.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(aScale, aMiddle), u);
            v = e.fma(bRight.and(MIDDLE).or(MIDDLE_BITS).reinterpretAsFloats().fma(bScale, bMiddle), v);
            e = FloatVector.broadcast(FLOATS, x[i + 7]);
            u = e.fma(aRight.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(aScale, aHigh), u);
            v = e.fma(bRight.and(HIGH).or(HIGH_BITS).reinterpretAsFloats().fma(bScale, bHigh), v);
        }
        u.intoArray(y, at);
        v.intoArray(y, at + COUNT);
    }

    /** The last values along k of one vector of columns, fewer than a group. */
    public static void rest(
            float[] x, int first, int count, MemorySegment w, long scales, long ints, float[] y, int at) {
        IntVector bits = (IntVector)
                ShortVector.fromMemorySegment(SHORTS, w, scales, LITTLE_ENDIAN).convertShape(ZERO_EXTEND_S2I, INTS, 0);
        FloatVector scale = bits.lanewise(LSHL, 16).reinterpretAsFloats();
        FloatVector zero = scale.mul(-8);
        IntVector group = IntVector.fromMemorySegment(INTS, w, ints, LITTLE_ENDIAN);
        FloatVector u = FloatVector.fromArray(FLOATS, y, at);
        for (int k = 0; k < count; k++) {
            FloatVector q = (FloatVector) group.lanewise(LSHR, 4 * k).and(15).convertShape(I2F, FLOATS, 0);
            u = FloatVector.broadcast(FLOATS, x[first + k]).fma(q.fma(scale, zero), u);
        }
        u.intoArray(y, at);
    }
}

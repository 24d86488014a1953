package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Element-wise addition. */
public final class Addition {

    private Addition() {}

    /** {@code y = a + b}; y may be a. */
    public static void add(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            FloatVector.fromArray(FLOATS, a, aAt + i)
                    .add(FloatVector.fromArray(FLOATS, b, bAt + i))
                    .intoArray(y, yAt + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            FloatVector.fromArray(FLOATS, a, aAt + i, rest)
                    .add(FloatVector.fromArray(FLOATS, b, bAt + i, rest))
                    .intoArray(y, yAt + i, rest);
        }
    }
}

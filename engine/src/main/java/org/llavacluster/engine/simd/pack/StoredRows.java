package org.llavacluster.engine.simd.pack;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;

/** A stored weight read as float32. */
public final class StoredRows {

    /** Elements that are checked together: few enough for a core's own caches. */
    private static final int CHECKED = 4096;

    private StoredRows() {}

    /**
     * Reads elements, of any stored type.
     *
     * @throws IllegalArgumentException naming the weight if one of them is NaN or infinite
     */
    public static void read(Weights.Weight weight, long first, float[] to, int at, int count) {
        long bytes = weight.dtype().bytes();
        MemorySegment from = weight.bytes().asSlice(first * bytes, count * bytes);
        MemorySegment floats = MemorySegment.ofArray(to).asSlice((long) at * Float.BYTES, (long) count * Float.BYTES);
        FloatConversion.convert(weight.dtype(), from, DType.F32, floats);
        float zero = 0;
        for (int i = at; i < at + count; i++) {
            zero += to[i] * 0f;
        }
        if (Float.isNaN(zero)) {
            throw new IllegalArgumentException("weight " + weight.name() + " holds NaN or infinity");
        }
    }

    /**
     * Looks at all elements.
     *
     * @throws IllegalArgumentException naming the weight if one of them is NaN or infinite
     */
    public static void check(Weights.Weight weight) {
        long elements = HostTensor.elements(weight.shape());
        float[] some = new float[(int) Math.min(CHECKED, elements)];
        for (long first = 0; first < elements; first += some.length) {
            read(weight, first, some, 0, (int) Math.min(some.length, elements - first));
        }
    }

    /** All elements. */
    public static float[] read(Weights.Weight weight) {
        float[] floats = new float[Math.toIntExact(HostTensor.elements(weight.shape()))];
        read(weight, 0, floats, 0, floats.length);
        return floats;
    }
}

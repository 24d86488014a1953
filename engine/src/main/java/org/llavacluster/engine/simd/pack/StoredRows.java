package org.llavacluster.engine.simd.pack;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;

/** A stored weight read as float32 into arrays. */
public final class StoredRows {

    private StoredRows() {}

    /**
     * Reads elements, of any stored type.
     *
     * @throws RuntimeException naming the weight if one of them is NaN or infinite
     */
    public static void read(Weights.Weight weight, long first, float[] to, int at, int count) {
        weight.readFloats(
                first, MemorySegment.ofArray(to).asSlice((long) at * Float.BYTES, (long) count * Float.BYTES));
    }

    /** All elements. */
    public static float[] read(Weights.Weight weight) {
        float[] floats = new float[Math.toIntExact(HostTensor.elements(weight.shape()))];
        read(weight, 0, floats, 0, floats.length);
        return floats;
    }
}

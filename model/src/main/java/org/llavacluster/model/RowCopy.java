package org.llavacluster.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

/** Copies elements between host tensors, widening half floats on the way: the wire and caches may hold F16, programs take F32. */
public final class RowCopy {

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowCopy() {}

    /**
     * @param from F32 or F16
     * @param fromIndex first element to copy
     * @param to F32
     * @param toIndex first element to write
     */
    public static void copy(HostTensor from, long fromIndex, HostTensor to, long toIndex, long elements) {
        switch (from.dtype()) {
            case F32 ->
                MemorySegment.copy(
                        from.bytes(),
                        fromIndex * Float.BYTES,
                        to.bytes(),
                        toIndex * Float.BYTES,
                        elements * Float.BYTES);
            case F16 -> widen(from.bytes(), fromIndex, to.bytes(), toIndex, elements);
            case BF16, I32 -> throw new IllegalArgumentException("rows must be F32 or F16, not " + from.dtype());
        }
    }

    /** Whether a program can read the tensor as it is. */
    public static boolean isPlain(HostTensor tensor) {
        return tensor.dtype() == DType.F32;
    }

    private static void widen(MemorySegment from, long fromIndex, MemorySegment to, long toIndex, long elements) {
        for (long i = 0; i < elements; i++) {
            float value = Float.float16ToFloat(from.getAtIndex(HALF, fromIndex + i));
            to.setAtIndex(HostTensor.FLOAT, toIndex + i, value);
        }
    }
}

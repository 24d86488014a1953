package org.llavacluster.training.delta;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Set;
import org.llavacluster.model.checkpoint.StoredTensor;

/** A stored tensor read in IEEE half precision: other types are rounded to it, as when the published scripts load. */
record HalfTensor(StoredTensor tensor, Kind kind) {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Set<String> READABLE = Set.of("F16", "BF16", "F32");

    private enum Kind {
        F16,
        BF16,
        F32
    }

    HalfTensor(StoredTensor tensor) {
        this(tensor, Kind.valueOf(tensor.dtype()));
    }

    static boolean canRead(StoredTensor tensor) {
        return READABLE.contains(tensor.dtype());
    }

    /** The bits of an element. */
    short get(long index) {
        MemorySegment bytes = tensor.bytes();
        return switch (kind) {
            case F16 -> bytes.getAtIndex(SHORT, index);
            case BF16 -> Float.floatToFloat16(Float.intBitsToFloat(bytes.getAtIndex(SHORT, index) << 16));
            case F32 -> Float.floatToFloat16(bytes.getAtIndex(FLOAT, index));
        };
    }
}

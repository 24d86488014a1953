package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** Checks the stored floats of a weight in pieces, as they are read. */
@FunctionalInterface
public interface FloatScan {

    /** For floats that were checked before. */
    FloatScan NONE = (dtype, floats) -> {};

    /**
     * @param floats little-endian
     * @throws RuntimeException naming the weight if one of them is NaN or infinite
     */
    void scan(DType dtype, MemorySegment floats);

    /** A scan that throws if a float is NaN or infinite, which would otherwise appear as garbled answers. */
    static FloatScan finite(Supplier<RuntimeException> failure) {
        return (dtype, floats) -> {
            if (!allFinite(dtype, floats)) {
                throw failure.get();
            }
        };
    }

    /** Whether no float is NaN or infinite. */
    static boolean allFinite(DType dtype, MemorySegment floats) {
        return switch (dtype) {
            case F32 -> FiniteExponents.hold(floats, 0x7f800000_7f800000L, 0x00800000_00800000L, 0x80000000_80000000L);
            case F16 -> FiniteExponents.hold(floats, 0x7c007c00_7c007c00L, 0x04000400_04000400L, 0x80008000_80008000L);
            case BF16 -> FiniteExponents.hold(floats, 0x7f807f80_7f807f80L, 0x00800080_00800080L, 0x80008000_80008000L);
            case I32 -> true;
        };
    }
}

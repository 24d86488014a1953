package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.llavacluster.engine.DType;

/**
 * Looks for NaN and infinity among stored floats, 8 bytes at a time. A float is not finite where all bits of its
 * exponent are set, and then adding one to the exponent carries into the sign's place, which was cleared before.
 */
final class Finiteness {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Finiteness() {}

    static boolean allFinite(DType dtype, MemorySegment floats) {
        return switch (dtype) {
            case F32 -> allFinite(floats, 0x7f800000_7f800000L, 0x00800000_00800000L, 0x80000000_80000000L);
            case F16 -> allFinite(floats, 0x7c007c00_7c007c00L, 0x04000400_04000400L, 0x80008000_80008000L);
            case BF16 -> allFinite(floats, 0x7f807f80_7f807f80L, 0x00800080_00800080L, 0x80008000_80008000L);
            case I32 -> true;
        };
    }

    private static boolean allFinite(MemorySegment floats, long exponents, long ones, long signs) {
        long words = floats.byteSize() / Long.BYTES;
        long carries = 0;
        for (long i = 0; i < words; i++) {
            carries |= (floats.getAtIndex(LONG, i) & exponents) + ones;
        }
        long last = 0;
        for (long i = words * Long.BYTES; i < floats.byteSize(); i++) {
            last = last << Byte.SIZE
                    | floats.get(ValueLayout.JAVA_BYTE, floats.byteSize() - 1 - (i - words * Long.BYTES)) & 0xff;
        }
        carries |= (last & exponents) + ones;
        return (carries & signs) == 0;
    }
}

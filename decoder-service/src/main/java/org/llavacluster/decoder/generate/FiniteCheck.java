package org.llavacluster.decoder.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.llavacluster.engine.HostTensor;

/** Whether all elements of a float tensor are finite. In IEEE 754 an exponent of all ones marks infinity and NaN. */
final class FiniteCheck {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int F32_EXPONENT = 0x7F80_0000;
    private static final int F16_EXPONENT = 0x7C00;
    private static final int BF16_EXPONENT = 0x7F80;

    private FiniteCheck() {}

    static boolean holds(HostTensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> ints(tensor.bytes(), tensor.size());
            case F16 -> shorts(tensor.bytes(), tensor.size(), F16_EXPONENT);
            case BF16 -> shorts(tensor.bytes(), tensor.size(), BF16_EXPONENT);
            case I32 -> true;
        };
    }

    // Without an early exit, so that the JVM vectorises the loop.

    private static boolean ints(MemorySegment bytes, long size) {
        int found = 0;
        for (long i = 0; i < size; i++) {
            found |= (bytes.getAtIndex(HostTensor.INT, i) & F32_EXPONENT) == F32_EXPONENT ? 1 : 0;
        }
        return found == 0;
    }

    private static boolean shorts(MemorySegment bytes, long size, int exponent) {
        int found = 0;
        for (long i = 0; i < size; i++) {
            found |= (bytes.getAtIndex(SHORT, i) & exponent) == exponent ? 1 : 0;
        }
        return found == 0;
    }
}

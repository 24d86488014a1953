package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Conversion between the float formats in which tensors are stored. Narrowing rounds to the nearest value, ties to
 * even.
 */
public final class FloatConversion {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FloatConversion() {}

    /**
     * Converts all elements of {@code source} into {@code target}; both little-endian and of the same number of
     * elements.
     *
     * @throws IllegalArgumentException if the sizes do not fit, or for {@link DType#I32}
     */
    public static void convert(DType from, MemorySegment source, DType to, MemorySegment target) {
        long elements = source.byteSize() / from.bytes();
        if (elements * from.bytes() != source.byteSize() || elements * to.bytes() != target.byteSize()) {
            throw new IllegalArgumentException(source.byteSize() + " bytes of " + from + " do not convert into "
                    + target.byteSize() + " bytes of " + to);
        }
        if (from == to) {
            MemorySegment.copy(source, 0, target, 0, source.byteSize());
        } else if (to == DType.F32) {
            widen(from, source, target, elements);
        } else if (from == DType.F32) {
            narrow(to, source, target, elements);
        } else {
            for (long i = 0; i < elements; i++) {
                target.setAtIndex(SHORT, i, narrow(to, widen(from, source.getAtIndex(SHORT, i))));
            }
        }
    }

    /** The value of 16 stored bits. */
    public static float widen(DType from, short bits) {
        return switch (from) {
            case F16 -> Float.float16ToFloat(bits);
            case BF16 -> Float.intBitsToFloat(bits << 16);
            case F32, I32 -> throw new IllegalArgumentException(from + " has no 16-bit values");
        };
    }

    /** The 16 bits that store the nearest value, ties to even. */
    public static short narrow(DType to, float value) {
        return switch (to) {
            case F16 -> Float.floatToFloat16(value);
            case BF16 -> toBfloat16(value);
            case F32, I32 -> throw new IllegalArgumentException(to + " has no 16-bit values");
        };
    }

    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    // One loop per format: a switch inside would keep the compiler from vectorising it.
    private static void widen(DType from, MemorySegment source, MemorySegment target, long elements) {
        if (from == DType.F16) {
            for (long i = 0; i < elements; i++) {
                target.setAtIndex(HostTensor.FLOAT, i, Float.float16ToFloat(source.getAtIndex(SHORT, i)));
            }
        } else if (from == DType.BF16) {
            for (long i = 0; i < elements; i++) {
                target.setAtIndex(HostTensor.INT, i, source.getAtIndex(SHORT, i) << 16);
            }
        } else {
            throw new IllegalArgumentException("no conversion from " + from);
        }
    }

    private static void narrow(DType to, MemorySegment source, MemorySegment target, long elements) {
        if (to == DType.F16) {
            for (long i = 0; i < elements; i++) {
                target.setAtIndex(SHORT, i, Float.floatToFloat16(source.getAtIndex(HostTensor.FLOAT, i)));
            }
        } else if (to == DType.BF16) {
            for (long i = 0; i < elements; i++) {
                target.setAtIndex(SHORT, i, toBfloat16(source.getAtIndex(HostTensor.FLOAT, i)));
            }
        } else {
            throw new IllegalArgumentException("no conversion to " + to);
        }
    }
}

package org.llavacluster.engine.simd.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;
import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.INTS;
import static org.llavacluster.engine.simd.kernel.Lanes.SHORTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import org.llavacluster.engine.DType;

/**
 * A 16-bit float format, float16 or bfloat16. Widening moves sign, exponent and mantissa to their places and multiplies
 * by the difference of the exponents. It is exact for every finite number, subnormal ones included. Infinity and NaN of
 * float16 are read as if the largest exponent were an ordinary one, which gives numbers of at least 65536.
 *
 * @param shift left shift of the number's bits, which are sign-extended before
 * @param mask selects the bits that belong to the float after the shift
 * @param unit factor that corrects the exponent
 */
public record SixteenBitFloat(int shift, int mask, float unit) {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private static final SixteenBitFloat FLOAT16 = new SixteenBitFloat(13, 0x8fffe000, 0x1p112f);
    private static final SixteenBitFloat BFLOAT16 = new SixteenBitFloat(16, 0xffff0000, 1);

    /**
     * The format of a type.
     *
     * @throws IllegalArgumentException if the type does not have 16 bits
     */
    public static SixteenBitFloat of(DType dtype) {
        return switch (dtype) {
            case F16 -> FLOAT16;
            case BF16 -> BFLOAT16;
            case F32, I32 -> throw new IllegalArgumentException(dtype + " has not 16 bits");
        };
    }

    /** Widens one number. */
    public float widen(short bits) {
        return Float.intBitsToFloat(bits << shift & mask) * unit;
    }

    /** Widens consecutive numbers, starting at {@code offset} bytes. */
    public void widen(MemorySegment from, long offset, float[] to, int at, int count) {
        int i = 0;
        for (; i <= count - COUNT; i += COUNT) {
            IntVector bits = (IntVector)
                    ShortVector.fromMemorySegment(SHORTS, from, offset + (long) i * Short.BYTES, LITTLE_ENDIAN)
                            .convertShape(S2I, INTS, 0);
            bits.lanewise(LSHL, shift).and(mask).reinterpretAsFloats().mul(unit).intoArray(to, at + i);
        }
        for (; i < count; i++) {
            to[at + i] = widen(from.get(SHORT, offset + (long) i * Short.BYTES));
        }
    }
}

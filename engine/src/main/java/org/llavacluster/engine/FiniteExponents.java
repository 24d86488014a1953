package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Checks stored floats, 8 bytes at a time. A float is not finite if all bits of its exponent are set. Then adding one
 * to the exponent carries into the sign bit, which was cleared before.
 */
final class FiniteExponents {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FiniteExponents() {}

    /**
     * Whether all floats are finite.
     *
     * @param exponents the bits of all exponents in 8 bytes
     * @param ones the lowest bit of each exponent
     * @param signs the sign of each float
     */
    static boolean hold(MemorySegment floats, long exponents, long ones, long signs) {
        long words = floats.byteSize() / Long.BYTES;
        long carries = 0;
        // Without an early exit, so that the JVM vectorises the loop.
        for (long i = 0; i < words; i++) {
            carries |= (floats.getAtIndex(LONG, i) & exponents) + ones;
        }
        long last = 0;
        for (long i = floats.byteSize() - 1; i >= words * Long.BYTES; i--) {
            last = last << Byte.SIZE | floats.get(ValueLayout.JAVA_BYTE, i) & 0xff;
        }
        carries |= (last & exponents) + ones;
        return (carries & signs) == 0;
    }
}

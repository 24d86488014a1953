package org.llavacluster.engine.simd.kernel;

/**
 * How half bytes lie in memory and become floats. Eight values of a column along k are an int, the first in its lowest bits; the ints
 * of the 16 columns of a panel are a group.
 *
 * <p>A half byte that is in the mantissa of a float already needs no conversion: with the exponent that makes its lowest bit a unit, the
 * float is {@code one + q}, and {@code (one + q) * scale - (one + 8) * scale} is {@code (q - 8) * scale} in a single fused
 * multiply-add. As a scale has eight bits, both products are exact, and so is what they come to: at most 12 bits. Three of an int's
 * half bytes lie well, two more after a shift to the left, and the last three after one to the right.
 */
public final class Nibbles {

    /** Values along k in a group. */
    public static final int GROUP = 8;

    public static final int GROUP_BYTES = Lanes.PANEL * Integer.BYTES;

    /** How far the int is shifted for the half bytes that do not lie well. */
    static final int SHIFT = 12;

    /** Bits 8 to 11. */
    static final int LOW = 0xF00;

    static final float LOW_ONE = 0x1p15f;
    static final int LOW_BITS = Float.floatToRawIntBits(LOW_ONE);

    /** Bits 12 to 15. */
    static final int MIDDLE = 0xF000;

    static final float MIDDLE_ONE = 0x1p11f;
    static final int MIDDLE_BITS = Float.floatToRawIntBits(MIDDLE_ONE);

    /** Bits 16 to 19. */
    static final int HIGH = 0xF0000;

    static final float HIGH_ONE = 0x1p7f;
    static final int HIGH_BITS = Float.floatToRawIntBits(HIGH_ONE);

    private Nibbles() {}
}

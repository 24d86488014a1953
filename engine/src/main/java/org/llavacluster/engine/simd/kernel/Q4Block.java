package org.llavacluster.engine.simd.kernel;

/**
 * How half bytes lie in memory, and how they are multiplied. A block holds 32 values of each of a panel's 16 columns along k: the
 * scales as bfloat16, then four groups of 16 ints, each with eight values of its column.
 *
 * <p>A half byte that is in the mantissa of a float needs no conversion: with the exponent that makes its lowest bit a unit, the float is
 * {@code one + q}. The upper two half bytes of a mantissa are a pair; turning the int by a byte brings the next pair there.
 *
 * <p>What an element of the result adds up for a block is {@code scale * (start + sum of x[k] * (one[k] + q[k]))}, one chain of fused
 * multiply-adds over the block and one more for the scale. The start, {@code -sum of x[k] * (one[k] + 8)}, takes away what the floats
 * are larger than {@code q - 8}; it is the same for all columns. Ones of 16 and 256 cost the sum at most 5 of its 24 bits.
 */
public final class Q4Block {

    /** Values along k that share a scale. */
    public static final int BLOCK = 32;

    public static final int SCALE_BYTES = Lanes.PANEL * Short.BYTES;

    /** Groups of a block. */
    public static final int GROUPS = 4;

    static final int GROUP_BYTES = Lanes.PANEL * Integer.BYTES;

    public static final int BLOCK_BYTES = SCALE_BYTES + GROUPS * GROUP_BYTES;

    /** Pairs of a group. */
    static final int PAIRS = 4;

    static final int PAIR_BITS = 8;

    /** Where the first of a pair lies: bits 15 to 18 of the mantissa. */
    private static final int EVEN_AT = 15;

    static final int EVEN = 15 << EVEN_AT;
    private static final float EVEN_ONE = 256;
    static final int EVEN_BITS = Float.floatToRawIntBits(EVEN_ONE);

    /** The second: bits 19 to 22. */
    static final int ODD = EVEN << 4;

    private static final float ODD_ONE = 16;
    static final int ODD_BITS = Float.floatToRawIntBits(ODD_ONE);

    private static final int ZERO = 8;

    private Q4Block() {}

    /** A value's place in its group, which is {@code k / 8} of the block. */
    public static int group(int k) {
        return k / (2 * PAIRS);
    }

    /** A half byte 0 .. 15 where its value lies in an int of its group. */
    public static int placed(int q, int k) {
        return Integer.rotateRight(q << EVEN_AT + 4 * (k & 1), PAIR_BITS * (k / 2 % PAIRS));
    }

    /** The start of a block. {@code x} holds {@code count} values of it from {@code at} on; those that are missing are zeros. */
    public static float start(float[] x, int at, int count) {
        float even = 0;
        float odd = 0;
        for (int k = 0; k < count; k += 2) {
            even += x[at + k];
            odd += k + 1 < count ? x[at + k + 1] : 0;
        }
        return -(EVEN_ONE + ZERO) * even - (ODD_ONE + ZERO) * odd;
    }
}

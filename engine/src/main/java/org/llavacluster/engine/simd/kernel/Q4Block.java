package org.llavacluster.engine.simd.kernel;

/**
 * Memory layout and arithmetic of q4_0. A block holds 32 values along k for each of the 16 columns of a panel: first
 * the bfloat16 scales, then four groups of 16 ints, each int with eight values of its column. The layout is this
 * project's own, not ggml's.
 *
 * <p>A half byte q inside the mantissa of a float needs no conversion: with the exponent that makes its lowest bit
 * worth 1, the float is {@code one + q}. The upper two half bytes of the mantissa form a pair; rotating the int by a
 * byte brings the next pair there.
 *
 * <p>A block contributes {@code scale * (start + sum of x[k] * (one[k] + q[k]))} to an output element: a chain of fused
 * multiply-adds over the block and one more for the scale. The start, {@code -sum of x[k] * (one[k] + 8)}, corrects the
 * floats to {@code q - 8}; it is the same for all columns. Ones of 16 and 256 cost the sum at most 5 of its 24 bits.
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

    /** Bits 15 to 18 of the mantissa hold the first value of a pair. */
    private static final int EVEN_AT = 15;

    static final int EVEN = 15 << EVEN_AT;
    private static final float EVEN_ONE = 256;
    static final int EVEN_BITS = Float.floatToRawIntBits(EVEN_ONE);

    /** Bits 19 to 22 hold the second value. */
    static final int ODD = EVEN << 4;

    private static final float ODD_ONE = 16;
    static final int ODD_BITS = Float.floatToRawIntBits(ODD_ONE);

    private static final int ZERO = 8;

    private Q4Block() {}

    /** Index of a value in its group; the group is {@code k / 8}. */
    public static int group(int k) {
        return k / (2 * PAIRS);
    }

    /** The half byte {@code 0 .. 15}, shifted to its place in the int of its group. */
    public static int placed(int q, int k) {
        return Integer.rotateRight(q << EVEN_AT + 4 * (k & 1), PAIR_BITS * (k / 2 % PAIRS));
    }

    /**
     * The start of a block. {@code x} holds its {@code count} values from {@code at} on; missing values count as zeros.
     */
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

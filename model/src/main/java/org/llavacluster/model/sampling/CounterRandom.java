package org.llavacluster.model.sampling;

/**
 * Counter-based random numbers: Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * The key is a seed and the counter the index of a token, so no number depends on how many were drawn before.
 */
final class CounterRandom {

    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    private CounterRandom() {}

    /** Uniform in [0, 1), a multiple of 2^-53. */
    static double uniform(long seed, long index) {
        return (bits(seed, index, 0) >>> 11) * 0x1p-53;
    }

    /**
     * The first two of the four output words for the counter (low, high) under the key; the first word is the low half.
     */
    static long bits(long key, long low, long high) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & LOW);
            long product1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += KEY_STEP_0;
            k1 += KEY_STEP_1;
        }
        return (long) c1 << 32 | c0 & LOW;
    }
}

package org.llavacluster.training.delta;

/** The two ways between a model and its delta. */
public enum DeltaDirection {

    /** A model minus its base. */
    MAKE(-1),

    /** A delta plus its base. */
    APPLY(1);

    private final int sign;

    DeltaDirection(int sign) {
        this.sign = sign;
    }

    /**
     * {@code x - base} or {@code x + base} in IEEE half precision, as bits. The sum of two halves in float32, rounded
     * once more to a half, is the correctly rounded sum: float32 has at least 2 * 11 + 2 bits (Figueroa, "When is
     * double rounding innocuous?", 1995).
     */
    short combine(short x, short base) {
        return Float.floatToFloat16(Float.float16ToFloat(x) + sign * Float.float16ToFloat(base));
    }
}

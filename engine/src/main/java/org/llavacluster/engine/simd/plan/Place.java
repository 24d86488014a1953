package org.llavacluster.engine.simd.plan;

/**
 * Where a value lies while a program runs.
 *
 * @param buffer which of the run's buffers, or -1
 * @param constant a weight held as floats, or null
 */
record Place(int buffer, float[] constant) {

    static Place of(int buffer) {
        return new Place(buffer, null);
    }

    static Place of(float[] constant) {
        return new Place(-1, constant);
    }
}

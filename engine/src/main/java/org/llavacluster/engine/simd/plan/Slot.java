package org.llavacluster.engine.simd.plan;

/**
 * Where a value lies while a program runs.
 *
 * @param buffer which of the run's buffers, or -1
 * @param constant a weight held as floats, or null
 */
record Slot(int buffer, float[] constant) {

    static Slot of(int buffer) {
        return new Slot(buffer, null);
    }

    static Slot of(float[] constant) {
        return new Slot(-1, constant);
    }
}

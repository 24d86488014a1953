package org.llavacluster.engine.simd.plan;

/**
 * Where the elements of a value are while a program runs.
 *
 * @param buffer index of a buffer of the run, or -1 for a constant
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

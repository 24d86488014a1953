package org.llavacluster.engine.bench;

import java.util.Arrays;

/** Times a piece of code. */
public final class Timing {

    private Timing() {}

    /**
     * The median time in seconds of some runs.
     *
     * @param warmUps runs that are not counted, first
     */
    public static double median(int warmUps, int runs, Runnable work) {
        for (int i = 0; i < warmUps; i++) {
            work.run();
        }
        double[] seconds = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
        Arrays.sort(seconds);
        return seconds[runs / 2];
    }
}

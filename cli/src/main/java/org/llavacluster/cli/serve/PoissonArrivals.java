package org.llavacluster.cli.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Times at which requests are due that come independently of each other: their gaps are exponential. */
final class PoissonArrivals {

    private static final double NANOSECONDS = 1e9;

    private final Random random;
    private final double perSecond;
    private double dueNanos;

    PoissonArrivals(long seed, double perSecond) {
        this.random = new Random(seed);
        this.perSecond = perSecond;
    }

    /** When the next request is due, in nanoseconds after the start. */
    long next() {
        dueNanos += -Math.log(1 - random.nextDouble()) / perSecond * NANOSECONDS;
        return (long) dueNanos;
    }

    /** When the requests before that time are due, from the next one on. */
    List<Long> until(long endNanos) {
        List<Long> dues = new ArrayList<>();
        for (long due = next(); due < endNanos; due = next()) {
            dues.add(due);
        }
        return dues;
    }
}

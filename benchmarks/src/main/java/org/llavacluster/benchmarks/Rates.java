package org.llavacluster.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the invocations of an iteration did, in 10^9: JMH prints each per second. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {

    /** Bytes of weights or rows that were read. */
    public double gigabytes;

    /** Float32 operations, two for each multiplication that adds. */
    public double gigaflops;

    void add(double bytes, double operations) {
        gigabytes += bytes * 1e-9;
        gigaflops += operations * 1e-9;
    }
}

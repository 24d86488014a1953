package org.llavacluster.simulator.load;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.SchedulerLoad;
import org.llavacluster.simulator.DecisionMaker;

/**
 * Measures how long decisions take on the machine that this runs on. The first tenth is left out: the JVM compiles
 * then.
 */
final class TimedDecisions implements DecisionMaker {

    private final DecisionMaker scheduler;
    private final LongSupplier clock;
    private long[] nanos = new long[1 << 16];
    private int steps;

    TimedDecisions(DecisionMaker scheduler, LongSupplier clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @Override
    public ClusterScheduler.Decision step(long nowNanos, List<ClusterEvent> events) {
        long before = clock.getAsLong();
        ClusterScheduler.Decision decision = scheduler.step(nowNanos, events);
        if (steps == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * steps);
        }
        nanos[steps++] = clock.getAsLong() - before;
        return decision;
    }

    @Override
    public SchedulerLoad load() {
        return scheduler.load();
    }

    /** The heap is measured by the caller, once the times are let go. */
    Goals.Growth growth(int nodes, long requests) {
        long[] warm = Arrays.copyOfRange(nanos, steps / 10, steps);
        nanos = new long[0];
        double seconds = Arrays.stream(warm).sum() / 1e9;
        Arrays.sort(warm);
        return new Goals.Growth(
                nodes,
                requests,
                steps,
                warm[warm.length / 2] / 1e3,
                warm[(int) (0.99 * warm.length)] / 1e3,
                warm[(int) (0.999 * warm.length)] / 1e3,
                0.9 * requests / seconds,
                0);
    }
}

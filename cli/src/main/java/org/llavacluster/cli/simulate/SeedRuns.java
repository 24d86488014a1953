package org.llavacluster.cli.simulate;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.simulator.FaultRun;
import org.llavacluster.simulator.promise.Breach;
import org.llavacluster.simulator.promise.Promise;

/** Runs with faults, one for each seed, on all cores. */
final class SeedRuns {

    private static final int REPORTS = 10;

    private final int nodes;
    private final Progress progress;

    SeedRuns(int nodes, Progress progress) {
        this.nodes = nodes;
        this.progress = progress;
    }

    /** A promise that the run of a seed broke. */
    record BrokenSeed(long seed, Breach breach) {}

    /** All breaches, by seed. */
    List<BrokenSeed> run(long first, int count) {
        AtomicLong done = new AtomicLong();
        long each = Math.max(1, count / REPORTS);
        return LongStream.range(first, first + count)
                .parallel()
                .boxed()
                .flatMap(seed -> {
                    List<Breach> breaches = Promise.breaches(new FaultRun(seed, nodes, FaultRun.Parts.sound()).run());
                    long now = done.incrementAndGet();
                    if (now % each == 0) {
                        progress.done(now + " of " + count + " seeds");
                    }
                    return breaches.stream().map(breach -> new BrokenSeed(seed, breach));
                })
                .sorted(Comparator.comparingLong(BrokenSeed::seed))
                .toList();
    }
}

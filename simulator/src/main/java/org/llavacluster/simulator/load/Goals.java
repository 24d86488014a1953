package org.llavacluster.simulator.load;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.SchedulerParts;
import org.llavacluster.simulator.worker.WorkerSpeed;

/** What the scheduler is measured by. Each is one comparison of loads from one seed. */
public final class Goals {

    private static final long SECOND = 1_000_000_000L;

    /** 150 images, of 1,700 rows in the mean: a decoder's KV cache holds not quite half of them. */
    private static final LoadMix REPEATED = new LoadMix(150, 1, 64, 32, 60 * SECOND);

    private static final LoadMix FLOOD = new LoadMix(1_000_000, 0.3, 256, 64, 30 * SECOND);

    private final long seed;
    private final double seconds;

    /** @param seconds of requests in each run, of which the first third warms up */
    public Goals(long seed, double seconds) {
        this.seed = seed;
        this.seconds = seconds;
    }

    /** Times to first token in milliseconds, 90 of 100 requests. */
    public record RepeatedImages(double offered, double scheduler, double roundRobin) {

        public double ratio() {
            return roundRobin / scheduler;
        }
    }

    /**
     * Repeated images on eight decoders, at 80 % of what the scheduler completes under twice the load that slots allow.
     */
    public RepeatedImages repeatedImages() {
        ClusterSize size = new ClusterSize(8, 4, 8);
        // With their prefix found requests compute little but their own text.
        LoadMix found = new LoadMix(0, 0, 2 * REPEATED.textTokens(), REPEATED.answerTokens(), REPEATED.timeNanos());
        double slots = new LoadSweep(seed, size, seconds).capacity(found, WorkerSpeed.ACCELERATOR);
        double peak = repeated(size, 2 * slots, sound -> sound).goodput();
        double offered = 0.8 * peak;
        return new RepeatedImages(
                offered,
                repeated(size, offered, sound -> sound).firstTokenMillis().p90(),
                repeated(size, offered, sound -> sound.withChoice(new RoundRobinChoice(ClusterLimits.DEFAULT)))
                        .firstTokenMillis()
                        .p90());
    }

    private LoadFigures repeated(ClusterSize size, double perSecond, UnaryOperator<SchedulerParts> parts) {
        // Caches have to fill before the figures begin.
        return new LoadRun(seed, size, WorkerSpeed.ACCELERATOR, 6 * seconds)
                .withParts(parts)
                .run(List.of(new LoadRun.Stream("tenant", REPEATED, perSecond)))
                .figures();
    }

    /** Times to first token of the quiet tenant in milliseconds, 95 of 100 requests. */
    public record Flood(double alone, double flooded) {

        public double ratio() {
            return flooded / alone;
        }
    }

    /** One tenant asks for ten times what the cluster can do, another one a tenth of it. */
    public Flood flood() {
        ClusterSize size = ClusterSize.of(16);
        WorkerSpeed model = WorkerSpeed.ACCELERATOR;
        double capacity = new LoadSweep(seed, size, seconds).capacity(FLOOD, model);
        LoadRun.Stream quiet = new LoadRun.Stream("quiet", FLOOD, capacity / 10);
        double longer = 3 * seconds; // the quiet tenant has few requests
        double alone = new LoadRun(seed, size, model, longer)
                .run(List.of(quiet))
                .figures("quiet")
                .firstTokenMillis()
                .p95();
        double flooded = new LoadRun(seed, size, model, longer)
                .run(List.of(quiet, new LoadRun.Stream("flood", FLOOD, 10 * capacity)))
                .figures("quiet")
                .firstTokenMillis()
                .p95();
        return new Flood(alone, flooded);
    }

    /** Requests completed by their deadline, per second. */
    public record Overload(double peak, double tenfold) {

        public double ratio() {
            return tenfold / peak;
        }
    }

    public Overload overload() {
        List<LoadSweep.Point> points =
                new LoadSweep(seed, ClusterSize.of(16), seconds).run(LoadMix.CHAT, WorkerSpeed.ACCELERATOR, _ -> {});
        double peak = points.stream()
                .mapToDouble(point -> point.figures().goodput())
                .max()
                .orElseThrow();
        return new Overload(peak, points.getLast().figures().goodput());
    }

    /**
     * The scheduler's own cost.
     *
     * @param steps decisions
     * @param stepMicros time of a decision: half of them, 99 of 100 and 999 of 1000 took less
     * @param requestsPerSecond that one core could do, from the time that all decisions took
     * @param heapMegabytes of the scheduler and what it remembers, after the load
     */
    public record Growth(
            int nodes,
            long requests,
            long steps,
            double stepMicrosP50,
            double stepMicrosP99,
            double stepMicrosP999,
            double requestsPerSecond,
            double heapMegabytes) {

        Growth withHeap(double megabytes) {
            return new Growth(
                    nodes, requests, steps, stepMicrosP50, stepMicrosP99, stepMicrosP999, requestsPerSecond, megabytes);
        }
    }

    /**
     * @param clock in nanoseconds, of the machine that this runs on
     * @param usedHeap bytes that are in use after a collection
     */
    public Growth growth(int nodes, LongSupplier clock, LongSupplier usedHeap) {
        ClusterSize size = ClusterSize.of(nodes);
        WorkerSpeed model = WorkerSpeed.ACCELERATOR.withTokensPerMessage(8);
        double capacity = new LoadSweep(seed, size, seconds).capacity(LoadMix.CHAT, model);
        double length = Math.clamp(20_000 / capacity, 2, seconds); // enough decisions to see the slowest
        AtomicReference<TimedDecisions> timed = new AtomicReference<>();
        int requests = new LoadRun(seed, size, model, length)
                .withObserver(maker -> {
                    timed.set(new TimedDecisions(maker, clock));
                    return timed.get();
                })
                .run(List.of(new LoadRun.Stream("tenant", LoadMix.CHAT, 0.8 * capacity)))
                .history()
                .requests
                .size();
        Growth growth = timed.get().growth(nodes, requests);
        long with = usedHeap.getAsLong();
        timed.set(null);
        return growth.withHeap((with - usedHeap.getAsLong()) / 1e6);
    }
}

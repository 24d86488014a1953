package org.llavacluster.cli.overload;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;

/** Measures the capacity of a cluster, and then offers it multiples of that. */
public final class OverloadBench {

    static final String QUESTION = "What is shown in this image?";

    /** A request waits for as long as the queue is, which is seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration WARM_UP_STEP = Duration.ofSeconds(5);
    private static final int MOST_WARM_UP_STEPS = 12;

    /** The cluster is warm when a step answers less than this much more than the one before. */
    private static final double STEADY = 1.05;

    /** Clients of the measurement of the capacity, as many as requests run at once by default. */
    private static final int CLIENTS = 64;

    private final Clock clock;
    private final Duration length;
    private final int tokens;
    private final Progress progress;

    /** An API of the gateway. */
    public enum Api {
        HTTP,
        GRPC
    }

    /**
     * @param length time for each load
     * @param tokens tokens of each answer
     */
    public OverloadBench(Clock clock, Duration length, int tokens, Progress progress) {
        this.clock = clock;
        this.length = length;
        this.tokens = tokens;
        this.progress = progress;
    }

    /**
     * Measures one API.
     *
     * @param loads multiples of the capacity, ascending
     */
    public OverloadOutcome run(LocalCluster cluster, Api api, List<Double> loads) {
        try (OverloadClient client = client(cluster, api)) {
            double capacity = capacity(client, api);
            List<OverloadFigures> figures = new ArrayList<>();
            for (double load : loads) {
                OverloadFigures each = new OfferedLoad(client, clock, load * capacity, length, PATIENCE).run();
                figures.add(each);
                progress.done("%s, %.1f x the capacity: %.1f answers and %.1f refusals a second"
                        .formatted(api, load, each.goodput(), each.refused()));
            }
            return new OverloadOutcome(api, capacity, loads, figures);
        }
    }

    private OverloadClient client(LocalCluster cluster, Api api) {
        return switch (api) {
            case HTTP -> new HttpOverloadClient(URI.create(cluster.http()), tokens);
            case GRPC -> new GrpcOverloadClient(cluster.grpc(), tokens, PATIENCE);
        };
    }

    /** Answers per second to clients that each send their next request when the last one has ended. */
    private double capacity(OverloadClient client, Api api) {
        double before = 0;
        double now = answersPerSecond(client, WARM_UP_STEP);
        for (int step = 1; step < MOST_WARM_UP_STEPS && (now == 0 || now > STEADY * before); step++) {
            before = now;
            now = answersPerSecond(client, WARM_UP_STEP);
        }
        double capacity = answersPerSecond(client, length);
        if (capacity == 0) {
            throw new CliException("the cluster answered nothing in " + length.toSeconds() + " s");
        }
        progress.done("%s: %d clients get %.1f answers a second".formatted(api, CLIENTS, capacity));
        return capacity;
    }

    private double answersPerSecond(OverloadClient client, Duration time) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answers = new AtomicLong();
        long start = clock.nanoTime();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(again(client, answers, over));
        }
        Pause.until(start + time.toNanos(), clock);
        double perSecond = answers.get() * 1e9 / (clock.nanoTime() - start);
        over.set(true);
        clients.forEach(CompletableFuture::join);
        return perSecond;
    }

    private static CompletableFuture<Void> again(OverloadClient client, AtomicLong answers, AtomicBoolean over) {
        return client.send().thenCompose(end -> {
            if (end instanceof RequestEnd.Failed(String reason)) {
                throw new CliException(reason);
            }
            if (over.get()) {
                return CompletableFuture.completedFuture(null);
            }
            if (end instanceof RequestEnd.Answered) {
                answers.incrementAndGet();
            }
            return again(client, answers, over);
        });
    }
}

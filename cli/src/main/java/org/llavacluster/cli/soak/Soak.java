package org.llavacluster.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.cli.bench.PlotAxis;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;

/** Sends requests at a steady rate, whether or not earlier ones have ended, and looks at the processes meanwhile. */
public final class Soak implements AutoCloseable {

    /** After which a request counts as one that never ends. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(10);

    /** Of one client at a time, by which the rate is chosen. */
    private static final int TRIALS = 30;

    /** Of the rate at which one client at a time gets answers: far below what the cluster can do. */
    private static final double SHARE_OF_TRIALS = 0.5;

    private static final double MOST_PER_SECOND = 50;

    /** Requests that have not ended. Below capacity there are a few. */
    private static final int MOST_OPEN = 256;

    private final SoakTarget target;
    private final SoakPlan plan;
    private final Progress progress;
    private final Clock clock;
    private final SoakMix mix;
    private final Map<SoakProtocol, SoakClient> clients = new EnumMap<>(SoakProtocol.class);
    private final ProcessSampler sampler;
    private final SoakLog log = new SoakLog();

    public Soak(SoakTarget target, SoakPlan plan, Progress progress, Clock clock) {
        this.target = target;
        this.plan = plan;
        this.progress = progress;
        this.clock = clock;
        this.mix = new SoakMix(plan.seed(), target.protocols());
        this.sampler = new ProcessSampler(target.processes());
        clients.put(SoakProtocol.GRPC, new GrpcSoakClient(target.grpc(), PATIENCE, clock));
        target.http().ifPresent(base -> {
            SoakClient http = new HttpSoakClient(base, PATIENCE, clock);
            clients.put(SoakProtocol.HTTP, http);
            clients.put(SoakProtocol.HTTP_STREAM, http);
        });
    }

    /**
     * The whole soak.
     *
     * @param settings of the cluster, for the report
     */
    public SoakReport run(Map<String, Object> settings) {
        double rate = plan.rate().orElseGet(this::tryRate);
        progress.note("Sending %.2f requests per second for %s minutes, seed %d"
                .formatted(rate, PlotAxis.written(plan.minutes()), plan.seed()));
        long start = clock.nanoTime();
        Thread watch = Thread.ofPlatform().name("watch-soaked-processes").start(() -> watch(start));
        sendAll(rate, start);
        watch.interrupt();
        join(watch);
        sampler.close();
        return report(settings, rate);
    }

    /** Requests one at a time, which also gives the processes' classes a chance to be loaded. */
    private double tryRate() {
        long start = clock.nanoTime();
        for (long number = -TRIALS; number < 0; number++) {
            SoakRequest request = mix.at(number);
            send(request);
        }
        double perSecond = TRIALS * 1e9 / (clock.nanoTime() - start);
        return Math.min(MOST_PER_SECOND, SHARE_OF_TRIALS * perSecond);
    }

    private void sendAll(double rate, long start) {
        Semaphore open = new Semaphore(MOST_OPEN);
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long number = 0; number < rate * plan.length().toMillis() / 1e3; number++) {
                long which = number;
                long due = start + (long) (number / rate * 1e9);
                Pause.until(due, clock);
                if (open.tryAcquire()) {
                    requests.execute(() -> {
                        SoakRequest request = mix.at(which);
                        try {
                            log.ended(request, send(request), start, due, clock.nanoTime());
                        } finally {
                            open.release();
                        }
                    });
                } else {
                    log.notSent(mix.at(which), start, clock.nanoTime());
                }
            }
        }
    }

    private SoakOutcome send(SoakRequest request) {
        SoakClient client = clients.get(request.protocol());
        return switch (request) {
            case SoakRequest.Ask ask -> client.ask(ask);
            case SoakRequest.Wrong wrong -> client.send(wrong);
        };
    }

    /** Looks at the processes until it is interrupted, and says how things are once a minute. */
    private void watch(long start) {
        long said = 0;
        for (long look = 0; !Thread.currentThread().isInterrupted(); look++) {
            double minutes = (clock.nanoTime() - start) / 60e9;
            sampler.sample(minutes);
            if ((long) minutes > said) {
                said = (long) minutes;
                say(minutes);
            }
            Pause.until(start + (look + 1) * SAMPLE_INTERVAL.toNanos(), clock);
        }
    }

    private void say(double minutes) {
        List<MinuteFigures> figures = log.minutes();
        long ended =
                log.endedByKind().values().stream().mapToLong(Long::longValue).sum();
        long errors = log.errors().values().stream().mapToLong(Long::longValue).sum();
        String answer = figures.isEmpty() || figures.getLast().answer().p99().isEmpty()
                ? ""
                : ", answers p99 %.0f ms"
                        .formatted(figures.getLast().answer().p99().getAsDouble());
        progress.note("  minute %.0f of %s: %d requests ended, %d errors, %d wrong%s; resident %.0f MB"
                .formatted(
                        minutes,
                        PlotAxis.written(plan.minutes()),
                        ended,
                        errors,
                        log.wrong().size(),
                        answer,
                        sampler.residentMegabytes()));
    }

    private SoakReport report(Map<String, Object> cluster, double rate) {
        List<String> wrong = new ArrayList<>(log.wrong());
        wrong.addAll(sampler.incidents());
        target.http().flatMap(base -> GatewayAccount.imbalance(base, clock)).ifPresent(wrong::add);
        Map<String, Object> settings = new LinkedHashMap<>(cluster);
        settings.put("minutes", plan.minutes());
        settings.put("warm_up_minutes", plan.warmUpMinutes());
        settings.put("requests_per_s", Math.round(rate * 1000) / 1000.0);
        settings.put("seed", plan.seed());
        Map<String, Map<ProcessFigure, TimeSeries>> processes = sampler.series();
        return new SoakReport(
                settings,
                plan.warmUpMinutes(),
                processes,
                log.minutes(),
                log.endedByKind(),
                log.compared(),
                log.errors(),
                SoakVerdict.of(SoakReport.residentSlopes(processes, plan.warmUpMinutes()), plan.growthLimit(), wrong));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        sampler.close();
        clients.values().stream().distinct().forEach(SoakClient::close);
    }
}

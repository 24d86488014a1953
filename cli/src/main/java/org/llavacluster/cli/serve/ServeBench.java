package org.llavacluster.cli.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.OpenRequests;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;

/** Offers a cluster one rate of requests after the other. */
public final class ServeBench {

    private static final int CONNECTIONS = 16;

    /** Clients of the measurement of the capacity. */
    private static final int CLIENTS = 16;

    /** Shares of the capacity that are offered unless rates are given. */
    private static final List<Double> SHARES = List.of(0.25, 0.5, 0.75, 1.0, 1.25);

    private final ServePlan plan;
    private final Clock clock;
    private final Progress progress;

    public ServeBench(ServePlan plan, Clock clock, Progress progress) {
        this.plan = plan;
        this.clock = clock;
        this.progress = progress;
    }

    /** Measures all rates. */
    public List<ServeFigures> run(ServeTarget target) {
        List<GatewayClient> connections =
                Stream.generate(target.connect()).limit(CONNECTIONS).toList();
        try {
            return run(target, new ServeClient(connections, plan.deadline(), clock));
        } finally {
            connections.forEach(GatewayClient::close);
        }
    }

    private List<ServeFigures> run(ServeTarget target, ServeClient client) {
        ServeMix mix = new ServeMix(plan.seed(), plan.tokens(), plan.side());
        AtomicLong number = new AtomicLong();
        warmUp(client, mix, number);
        List<Double> rates = plan.rates().isEmpty() ? shares(capacity(client, mix, number)) : plan.rates();
        ServeLoad load = new ServeLoad(client, mix, plan.objective(), plan.deadline(), clock);
        List<ServeFigures> all = new ArrayList<>();
        for (double rate : rates) {
            List<StageTimes> before = target.stages();
            long first = number.getAndAdd((long) (4 * rate * plan.length().toSeconds()) + 100);
            ServeFigures figures = load.run(rate, plan.length(), plan.seed() + all.size(), first);
            figures.stages(ServeTarget.columns(before, target.stages()));
            all.add(figures);
            progress.done("%.2f requests a second: %.2f answers within the objective, first token %.0f ms (p90)"
                    .formatted(rate, figures.goodput(), figures.firstTokenMillis(90)));
        }
        return all;
    }

    private static List<Double> shares(double capacity) {
        return SHARES.stream().map(share -> share * capacity).toList();
    }

    /** The first requests wait for the JVM's compiler. */
    private void warmUp(ServeClient client, ServeMix mix, AtomicLong number) {
        double perSecond = endedPerSecond(client, mix, number);
        progress.done("warm: %.2f requests a second of %d clients ended".formatted(perSecond, CLIENTS));
    }

    /** Requests per second of clients that each send their next one when the last has ended. */
    private double capacity(ServeClient client, ServeMix mix, AtomicLong number) {
        double capacity = endedPerSecond(client, mix, number);
        if (capacity == 0) {
            throw new CliException("the cluster answered nothing in "
                    + plan.length().toSeconds() + " s: give lower --rates and more --seconds");
        }
        progress.done("%d clients at once get %.2f requests a second answered".formatted(CLIENTS, capacity));
        return capacity;
    }

    private double endedPerSecond(ServeClient client, ServeMix mix, AtomicLong number) {
        AtomicLong ended = new AtomicLong();
        OpenRequests clients = new OpenRequests(CLIENTS);
        long start = clock.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    while (clock.nanoTime() - start < plan.length().toNanos()) {
                        ServeEnd end = client.ask(mix.at(number.getAndIncrement()), clock.nanoTime());
                        if (end instanceof ServeEnd.Answered || end instanceof ServeEnd.Left) {
                            ended.incrementAndGet();
                        }
                    }
                } finally {
                    clients.ended();
                }
            });
        }
        clients.awaitNone(plan.length().plus(plan.deadline().multipliedBy(2)));
        return ended.get() * 1e9 / (clock.nanoTime() - start);
    }
}

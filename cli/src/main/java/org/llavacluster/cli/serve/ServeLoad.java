package org.llavacluster.cli.serve;

import java.time.Duration;
import java.util.List;
import org.llavacluster.cli.bench.OpenRequests;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.node.time.Clock;

/** Sends requests when they are due, whether or not earlier ones have ended. */
final class ServeLoad {

    private final ServeClient client;
    private final ServeMix mix;
    private final ServeObjective objective;
    private final Duration patience;
    private final Clock clock;

    /**
     * @param patience longest wait for the last request
     */
    ServeLoad(ServeClient client, ServeMix mix, ServeObjective objective, Duration patience, Clock clock) {
        this.client = client;
        this.mix = mix;
        this.objective = objective;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Sends on the calling thread, and returns when the last request has ended.
     *
     * @param first number of the first request in the mix
     */
    ServeFigures run(double perSecond, Duration length, long seed, long first) {
        ServeFigures figures = new ServeFigures(perSecond, length.toNanos() / 1e9, objective);
        List<Long> dues = new PoissonArrivals(seed, perSecond).until(length.toNanos());
        OpenRequests open = new OpenRequests(dues.size());
        long start = clock.nanoTime();
        long number = first;
        for (long due : dues) {
            // Made beforehand, because drawing an image takes milliseconds.
            ServeRequest request = mix.at(number++);
            long dueAt = start + due;
            Pause.until(dueAt, clock);
            figures.sent(clock.nanoTime() - dueAt);
            Thread.startVirtualThread(() -> {
                try {
                    figures.ended(client.ask(request, dueAt));
                } finally {
                    open.ended();
                }
            });
        }
        open.awaitNone(patience.multipliedBy(2));
        return figures;
    }
}

package org.llavacluster.cli.serve;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.llavacluster.cli.CliException;
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
        PoissonArrivals arrivals = new PoissonArrivals(seed, perSecond);
        CountDownLatch open = new CountDownLatch(count(seed, perSecond, length));
        long start = clock.nanoTime();
        long number = first;
        for (long due = arrivals.next(); due < length.toNanos(); due = arrivals.next()) {
            // Made beforehand, because drawing an image takes milliseconds.
            ServeRequest request = mix.at(number++);
            long dueAt = start + due;
            Pause.until(dueAt, clock);
            figures.sent(clock.nanoTime() - dueAt);
            Thread.startVirtualThread(() -> {
                try {
                    figures.ended(client.ask(request, dueAt));
                } finally {
                    open.countDown();
                }
            });
        }
        await(open);
        return figures;
    }

    private static int count(long seed, double perSecond, Duration length) {
        PoissonArrivals arrivals = new PoissonArrivals(seed, perSecond);
        int count = 0;
        while (arrivals.next() < length.toNanos()) {
            count++;
        }
        return count;
    }

    private void await(CountDownLatch open) {
        try {
            if (!open.await(2 * patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CliException(open.getCount() + " requests did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}

package org.llavacluster.cli.overload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.llavacluster.cli.bench.OpenRequests;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.node.time.Clock;

/**
 * Sends requests at a fixed rate, whether or not earlier ones have ended. Times count from when a request was due, so
 * that a sender that falls behind does not hide the waits of its requests (coordinated omission).
 */
final class OfferedLoad {

    /** First part of the time, in which the queues fill, left out of the figures. */
    private static final double SETTLING = 0.3;

    private final OverloadClient client;
    private final Clock clock;
    private final double perSecond;
    private final Duration length;
    private final Duration patience;

    /** One request; its end is written by the thread that completes it. */
    private static final class Sent {

        private final long due;
        private final long sentAt;
        private volatile long endedAt;
        private volatile RequestEnd end;

        private Sent(long due, long sentAt) {
            this.due = due;
            this.sentAt = sentAt;
        }
    }

    /**
     * @param patience longest wait for the last request
     */
    OfferedLoad(OverloadClient client, Clock clock, double perSecond, Duration length, Duration patience) {
        this.client = client;
        this.clock = clock;
        this.perSecond = perSecond;
        this.length = length;
        this.patience = patience;
    }

    /** Sends on the calling thread, and returns when the last request has ended. */
    OverloadFigures run() {
        int count = (int) Math.max(1, perSecond * length.toMillis() / 1e3);
        OpenRequests open = new OpenRequests(count);
        List<Sent> all = new ArrayList<>(count);
        long start = clock.nanoTime();
        for (int number = 0; number < count; number++) {
            long due = start + (long) (number * 1e9 / perSecond);
            Pause.until(due, clock);
            Sent sent = new Sent(due, clock.nanoTime());
            all.add(sent);
            client.send().thenAccept(end -> {
                sent.endedAt = clock.nanoTime();
                sent.end = end;
                open.ended();
            });
        }
        long stop = clock.nanoTime();
        open.awaitNone(patience.multipliedBy(2));
        return figures(all, start + (long) (SETTLING * (stop - start)), stop);
    }

    private OverloadFigures figures(List<Sent> all, long from, long to) {
        List<Double> refusals = new ArrayList<>();
        List<Double> answers = new ArrayList<>();
        List<Double> late = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Sent sent : all) {
            if (sent.due >= from) {
                late.add((sent.sentAt - sent.due) / 1e6);
            }
            double millis = (sent.endedAt - sent.due) / 1e6;
            boolean inTime = sent.endedAt >= from && sent.endedAt <= to;
            switch (sent.end) {
                case RequestEnd.Answered() when inTime -> answers.add(millis);
                case RequestEnd.Refused() when sent.due >= from -> refusals.add(millis);
                case RequestEnd.Failed(String reason) -> failures.add(reason);
                case RequestEnd.Answered(), RequestEnd.Refused() -> {
                    // While the queues filled, or after the last request was sent.
                }
            }
        }
        return OverloadFigures.of(perSecond, (to - from) / 1e9, answers, refusals, late, failures);
    }
}

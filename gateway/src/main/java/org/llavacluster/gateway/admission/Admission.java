package org.llavacluster.gateway.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.time.Clock;

/**
 * Bounds the requests that run and that wait for their turn, first come first served. A request that finds the queue
 * full is refused with the time after which a place should be free. Nothing here blocks: a ticket is notified when its
 * turn comes.
 */
public final class Admission {

    private static final Duration SHORTEST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** Weight of the newest request in the mean run time of requests. */
    private static final double NEWEST = 0.1;

    private final int maxRunning;
    private final int maxWaiting;
    private final Clock clock;

    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private int running;

    /** Mean run time of requests in nanoseconds. */
    private double meanNanos = SHORTEST_RETRY.toNanos();

    public Admission(int maxRunning, int maxWaiting, Clock clock) {
        if (maxRunning < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException("admission of " + maxRunning + " running, " + maxWaiting + " waiting");
        }
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
        this.clock = clock;
    }

    /**
     * Takes a place, running or waiting.
     *
     * @param onTurn called once if the ticket had to wait and its turn came, on the thread that freed the place
     * @throws FailureException {@link Failure.Overloaded} if the queue is full
     */
    public synchronized Ticket enter(Runnable onTurn) {
        if (running < maxRunning) {
            running++;
            Ticket ticket = new Ticket(onTurn);
            ticket.begin(clock.nanoTime());
            return ticket;
        }
        if (waiting.size() >= maxWaiting) {
            throw new FailureException(overloaded());
        }
        Ticket ticket = new Ticket(onTurn);
        waiting.add(ticket);
        return ticket;
    }

    /** Why {@link #enter} would fail now; empty if it would not. */
    public synchronized Optional<Failure> full() {
        return running >= maxRunning && waiting.size() >= maxWaiting ? Optional.of(overloaded()) : Optional.empty();
    }

    private Failure overloaded() {
        return new Failure.Overloaded(
                "all " + maxRunning + " running and " + maxWaiting + " waiting places are taken", retryAfter());
    }

    /** Takes a place if one is free now, without waiting. */
    public synchronized Optional<Ticket> enterAtOnce() {
        return running < maxRunning ? Optional.of(enter(() -> {})) : Optional.empty();
    }

    public synchronized int running() {
        return running;
    }

    public synchronized int waiting() {
        return waiting.size();
    }

    /** The time in which as many requests should end as wait now. */
    private Duration retryAfter() {
        Duration estimate = Duration.ofNanos((long) (meanNanos * (waiting.size() + 1) / maxRunning));
        if (estimate.compareTo(SHORTEST_RETRY) < 0) {
            return SHORTEST_RETRY;
        }
        return estimate.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : estimate;
    }

    private void release(Ticket ticket) {
        Ticket next = null;
        synchronized (this) {
            long now = clock.nanoTime();
            if (!ticket.granted) {
                waiting.remove(ticket);
                return;
            }
            meanNanos += NEWEST * (now - ticket.grantedAt - meanNanos);
            next = waiting.poll();
            if (next == null) {
                running--;
            } else {
                next.begin(now);
            }
        }
        if (next != null) {
            next.onTurn.run();
        }
    }

    /** A place. The first close frees it; later ones do nothing. */
    public final class Ticket implements AutoCloseable {

        private final Runnable onTurn;
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile boolean granted;
        private long grantedAt;

        private Ticket(Runnable onTurn) {
            this.onTurn = onTurn;
        }

        private void begin(long now) {
            grantedAt = now;
            granted = true;
        }

        /** Whether its turn has come. */
        public boolean granted() {
            return granted;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release(this);
            }
        }
    }
}

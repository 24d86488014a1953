package org.llavacluster.gateway.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** The bytes that requests being received or answered may hold in memory together. */
public final class ByteBudget {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    public ByteBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("byte budget " + limit);
        }
        this.limit = limit;
    }

    /**
     * Takes that many bytes until the reservation is closed.
     *
     * @throws FailureException {@link Failure.Overloaded} if they are not free
     */
    public Reservation reserve(long bytes) {
        Reservation reservation = new Reservation(bytes);
        if (held.addAndGet(bytes) > limit) {
            reservation.close();
            throw new FailureException(
                    new Failure.Overloaded("requests in progress hold all of the memory set aside for them", RETRY));
        }
        return reservation;
    }

    public long held() {
        return held.get();
    }

    /** Closing it, any number of times, gives the bytes back once. */
    public final class Reservation implements AutoCloseable {

        private final long bytes;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Reservation(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                held.addAndGet(-bytes);
            }
        }
    }
}

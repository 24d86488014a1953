package org.llavacluster.gateway.admission;

import java.time.Duration;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** The bytes that requests being received or answered may hold in memory together. */
public final class ByteBudget {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final long limit;
    private long held;

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
        Reservation reservation = new Reservation();
        reservation.grow(bytes);
        return reservation;
    }

    public synchronized long held() {
        return held;
    }

    /** Closing it, any number of times, gives the bytes back once. */
    public final class Reservation implements AutoCloseable {

        private long bytes;
        private boolean closed;

        private Reservation() {}

        /**
         * Takes more bytes; those it has it keeps in any case.
         *
         * @throws FailureException {@link Failure.Overloaded} if they are not free
         */
        public void grow(long more) {
            synchronized (ByteBudget.this) {
                if (closed) {
                    throw new IllegalStateException("the reservation is closed");
                }
                if (more > limit - held) {
                    throw new FailureException(new Failure.Overloaded(
                            "requests in progress hold all of the memory set aside for them", RETRY));
                }
                held += more;
                bytes += more;
            }
        }

        @Override
        public void close() {
            synchronized (ByteBudget.this) {
                if (!closed) {
                    closed = true;
                    held -= bytes;
                }
            }
        }
    }
}

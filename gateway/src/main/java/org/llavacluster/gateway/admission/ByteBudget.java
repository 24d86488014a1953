package org.llavacluster.gateway.admission;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Bounds the bytes in memory for requests being received or answered, in total and per peer. */
public final class ByteBudget {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final long limit;
    private final long peerLimit;
    private final Map<String, Long> heldByPeer = new HashMap<>();
    private long held;

    /**
     * @param peerLimit most bytes of one peer
     */
    public ByteBudget(long limit, long peerLimit) {
        if (limit < 1 || peerLimit < 1 || peerLimit > limit) {
            throw new IllegalArgumentException("byte budget " + limit + ", of one peer " + peerLimit);
        }
        this.limit = limit;
        this.peerLimit = peerLimit;
    }

    /** An empty reservation that grows with received bytes. */
    public Reservation open(String peer) {
        return new Reservation(peer);
    }

    public synchronized long held() {
        return held;
    }

    /** The first close returns the bytes; later ones do nothing. */
    public final class Reservation implements AutoCloseable {

        private final String peer;
        private long bytes;
        private boolean closed;

        private Reservation(String peer) {
            this.peer = peer;
        }

        /**
         * Takes more bytes; those it has stay in any case.
         *
         * @throws FailureException {@link Failure.Overloaded} if they are not free, or the reservation is closed
         */
        public void grow(long more) {
            synchronized (ByteBudget.this) {
                if (closed) {
                    throw new FailureException(
                            new Failure.Overloaded("other requests took the memory of this one", RETRY));
                }
                if (more > limit - held) {
                    throw new FailureException(new Failure.Overloaded(
                            "requests in progress hold all of the memory set aside for them", RETRY));
                }
                if (more > peerLimit - heldByPeer.getOrDefault(peer, 0L)) {
                    throw new FailureException(new Failure.Overloaded(
                            "requests of this peer hold all of the memory that one peer may take", RETRY));
                }
                add(more);
            }
        }

        private void add(long more) {
            held += more;
            bytes += more;
            heldByPeer.merge(peer, more, (before, change) -> before + change == 0 ? null : before + change);
        }

        long bytes() {
            synchronized (ByteBudget.this) {
                return bytes;
            }
        }

        @Override
        public void close() {
            synchronized (ByteBudget.this) {
                if (!closed) {
                    closed = true;
                    add(-bytes);
                }
            }
        }
    }
}

package org.llavacluster.gateway.admission;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Bounds the pixels of one peer's images that are being encoded or wait for it, because a file of a few bytes can have
 * as many pixels as take seconds to decode. Requests with at most a 64th of the limit are always admitted, so that a
 * peer's large images do not keep out its usual ones; the queue for vision nodes bounds those. Thread-safe.
 */
public final class PixelBudget {

    static final int SMALL_PARTS = 64;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final long peerLimit;
    private final Map<String, Long> heldByPeer = new HashMap<>();

    /**
     * @param peerLimit pixels of one peer
     */
    public PixelBudget(long peerLimit) {
        if (peerLimit < SMALL_PARTS) {
            throw new IllegalArgumentException("a pixel budget of " + peerLimit);
        }
        this.peerLimit = peerLimit;
    }

    /** Pixels of one request. The first close returns them; later ones do nothing. */
    public interface Claim extends AutoCloseable {

        Claim NOTHING = () -> {};

        @Override
        void close();
    }

    /**
     * Takes pixels.
     *
     * @throws FailureException {@link Failure.Overloaded} if other images of the peer hold too many
     */
    public synchronized Claim claim(String peer, long pixels) {
        long held = heldByPeer.getOrDefault(peer, 0L);
        if (pixels > peerLimit / SMALL_PARTS && pixels > peerLimit - held) {
            throw new FailureException(new Failure.Overloaded(
                    "images of this peer that are being encoded have " + held + " pixels, this request's have " + pixels
                            + ", and " + peerLimit + " are the most together",
                    RETRY));
        }
        add(peer, pixels);
        return new Held(peer, pixels);
    }

    synchronized long held(String peer) {
        return heldByPeer.getOrDefault(peer, 0L);
    }

    private synchronized void add(String peer, long pixels) {
        heldByPeer.merge(peer, pixels, (before, change) -> before + change == 0 ? null : before + change);
    }

    private final class Held implements Claim {

        private final String peer;
        private long pixels;

        private Held(String peer, long pixels) {
            this.peer = peer;
            this.pixels = pixels;
        }

        @Override
        public void close() {
            long given;
            synchronized (PixelBudget.this) {
                given = pixels;
                pixels = 0;
            }
            if (given > 0) {
                add(peer, -given);
            }
        }
    }
}

package org.llavacluster.vision.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.vision.encode.FairQueue;
import org.llavacluster.vision.encode.Requester;

/**
 * Bounds the memory of images being decoded. A claim that does not fit waits. Requesters take turns, and claims that
 * fit may overtake one that does not, but at most {@link #PATIENCE} of them. Large claims leave an eighth of the
 * budget to small ones. Thread-safe.
 */
public final class MemoryBudget {

    /** How many claims may overtake the first in the queue. */
    static final int PATIENCE = FixedLimits.OVERTAKING_IMAGES.intValue();

    private static final int PARTS = 8;

    private final long limit;
    private final FairQueue<Claim> line = new FairQueue<>();
    private long used;

    public MemoryBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a budget of " + limit + " bytes");
        }
        this.limit = limit;
    }

    /** A claim for memory. Closing it returns the memory, or leaves the queue. */
    public interface Reservation extends AutoCloseable {

        @Override
        void close();

        /** Leaves the queue. A granted claim is not affected. */
        void leave();
    }

    /**
     * Asks for memory.
     *
     * @param requester requester whose turn it takes
     * @param bytes size of the claim, cut to the part for large claims; such an image is the only large one at the time
     * @param granted called once with the returned reservation when the memory is available, now or later on a thread
     *     that returned some
     */
    public Reservation reserve(Requester requester, long bytes, Consumer<Reservation> granted) {
        Claim claim = new Claim(Math.min(bytes, largest()), granted);
        synchronized (this) {
            line.add(requester, Math.max(1, claim.bytes), claim);
        }
        admit();
        return claim;
    }

    public synchronized long used() {
        return used;
    }

    /** Number of waiting claims. */
    public synchronized int waiting() {
        return line.size();
    }

    /** Total for claims of more than an eighth of the budget. */
    private long largest() {
        return limit - limit / PARTS;
    }

    private void admit() {
        List<Claim> admitted = new ArrayList<>();
        synchronized (this) {
            Claim first = line.first().orElse(null);
            while (first != null) {
                Claim head = first;
                boolean overtaking = !fits(head);
                if (overtaking && head.overtaken == PATIENCE) {
                    break;
                }
                Claim claim = line.take(this::fits).orElse(null);
                if (claim == null) {
                    break;
                }
                head.overtaken += overtaking ? 1 : 0;
                claim.held = true;
                used += claim.bytes;
                admitted.add(claim);
                first = line.first().orElse(null);
            }
        }
        admitted.forEach(claim -> claim.granted.accept(claim));
    }

    private boolean fits(Claim claim) {
        return used + claim.bytes <= (claim.bytes > limit / PARTS ? largest() : limit);
    }

    private final class Claim implements Reservation {

        private final long bytes;
        private final Consumer<Reservation> granted;
        private boolean held;
        private int overtaken;

        private Claim(long bytes, Consumer<Reservation> granted) {
            this.bytes = bytes;
            this.granted = granted;
        }

        @Override
        public void close() {
            synchronized (MemoryBudget.this) {
                if (held) {
                    held = false;
                    used -= bytes;
                } else if (!line.remove(this)) {
                    return;
                }
            }
            admit();
        }

        @Override
        public void leave() {
            synchronized (MemoryBudget.this) {
                if (held || !line.remove(this)) {
                    return;
                }
            }
            admit();
        }
    }
}

package org.llavacluster.vision.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llavacluster.vision.fair.FairLine;

/**
 * Bounds the memory of images that are decoded. A claim that finds none waits; requesters take turns, and claims that fit overtake
 * one that does not, though no more than {@value #PATIENCE} of them. A large claim leaves an eighth of the budget to small ones.
 * Safe for use by several threads.
 */
public final class MemoryBudget {

    /** How many claims may overtake the first in line before it has to be its turn. */
    static final int PATIENCE = 64;

    private static final int PARTS = 8;

    private final long limit;
    private final FairLine<Claim> line = new FairLine<>();
    private long used;

    public MemoryBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a budget of " + limit + " bytes");
        }
        this.limit = limit;
    }

    /** Memory asked for. Closing gives it back, or leaves the line. */
    public interface Reservation extends AutoCloseable {

        @Override
        void close();

        /** Leaves the line; what has been granted stays with the one that it was granted to. */
        void leave();
    }

    /**
     * Asks for memory.
     *
     * @param requester whose turn it takes
     * @param bytes more than what large claims may have counts as all of that: such an image is the only large one meanwhile
     * @param granted called once when the memory is there, now or later by a thread that gave some back, with what is returned
     */
    public Reservation reserve(String requester, long bytes, Consumer<Reservation> granted) {
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

    /** How many wait. */
    public synchronized int waiting() {
        return line.size();
    }

    /** What claims of more than an eighth of the budget may have together. */
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

package org.llavacluster.vision.upload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Bounds the memory of images on their way to the engine. Who finds none waits in line, in the order of asking; a line is as long as
 * there are calls. Safe for use by several threads.
 */
public final class MemoryBudget {

    private final long limit;
    private final Deque<Claim> line = new ArrayDeque<>();
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
    }

    /**
     * Asks for memory.
     *
     * @param bytes more than the whole budget counts as all of it: such an image is worked on alone
     * @param granted called once when the memory is there, now or later by a thread that gave some back; never after closing
     */
    public Reservation reserve(long bytes, Runnable granted) {
        Claim claim = new Claim(Math.min(bytes, limit), granted);
        synchronized (this) {
            line.addLast(claim);
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

    private void admit() {
        List<Claim> admitted = new ArrayList<>();
        synchronized (this) {
            while (!line.isEmpty() && used + line.getFirst().bytes <= limit) {
                Claim claim = line.removeFirst();
                claim.held = true;
                used += claim.bytes;
                admitted.add(claim);
            }
        }
        admitted.forEach(claim -> claim.granted.run());
    }

    private final class Claim implements Reservation {

        private final long bytes;
        private final Runnable granted;
        private boolean held;

        private Claim(long bytes, Runnable granted) {
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
    }
}

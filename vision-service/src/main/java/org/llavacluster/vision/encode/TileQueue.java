package org.llavacluster.vision.encode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Images ready for the engine, in the order in which they became so. What waits while the engine runs leaves together: batches form
 * by themselves under load, and nothing waits for company. Safe for use by several threads; as long as the memory budget lets it
 * become.
 */
final class TileQueue {

    private final int tileLimit;
    private final Deque<PreparedImage> images = new ArrayDeque<>();
    private boolean closed;

    /** @param tileLimit of one batch; an image with more goes alone */
    TileQueue(int tileLimit) {
        this.tileLimit = tileLimit;
    }

    /** False once it is closed. */
    synchronized boolean add(PreparedImage image) {
        if (closed) {
            return false;
        }
        images.addLast(image);
        notifyAll();
        return true;
    }

    /** Waits for an image and takes it with as many of those behind it as fit; empty once the queue is closed. */
    synchronized List<PreparedImage> take() throws InterruptedException {
        while (images.isEmpty() && !closed) {
            wait();
        }
        List<PreparedImage> batch = new ArrayList<>();
        int tiles = 0;
        while (!images.isEmpty()
                && (batch.isEmpty() || tiles + images.getFirst().tiles() <= tileLimit)) {
            PreparedImage next = images.removeFirst();
            tiles += next.tiles();
            batch.add(next);
        }
        return batch;
    }

    /** Wakes the one who waits, and hands over what nobody will take. */
    synchronized List<PreparedImage> close() {
        closed = true;
        List<PreparedImage> left = List.copyOf(images);
        images.clear();
        notifyAll();
        return left;
    }
}

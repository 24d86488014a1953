package org.llavacluster.vision.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images ready for the engine. Requesters take turns by number of tiles. Images that gather while the engine runs form
 * the next batch, so batches grow with the load and no image waits for others. Thread-safe; bounded by the memory
 * budget.
 */
final class TileQueue {

    private final int tileLimit;
    private final FairQueue<PreparedImage> images = new FairQueue<>();
    private boolean closed;

    /**
     * @param tileLimit most tiles of a batch; an image with more is a batch of its own
     */
    TileQueue(int tileLimit) {
        this.tileLimit = tileLimit;
    }

    /** False if the queue is closed. */
    synchronized boolean add(PreparedImage image) {
        if (closed) {
            return false;
        }
        images.add(image.job().requester(), image.tiles(), image);
        notifyAll();
        return true;
    }

    /** Waits for an image and takes it with as many of the following ones as fit; empty once the queue is closed. */
    synchronized List<PreparedImage> take() throws InterruptedException {
        while (images.isEmpty() && !closed) {
            wait();
        }
        List<PreparedImage> batch = new ArrayList<>();
        int tiles = 0;
        Optional<PreparedImage> next = images.take(_ -> true);
        while (next.isPresent()) {
            tiles += next.get().tiles();
            batch.add(next.get());
            int taken = tiles;
            next = images.first()
                    .filter(image -> taken + image.tiles() <= tileLimit)
                    .flatMap(_ -> images.take(_ -> true));
        }
        return batch;
    }

    /** Wakes the waiting thread and returns the images that are left. */
    synchronized List<PreparedImage> close() {
        closed = true;
        List<PreparedImage> left = images.clear();
        notifyAll();
        return left;
    }
}

package org.llavacluster.vision.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavacluster.vision.fair.FairLine;

/**
 * Images ready for the engine; requesters take turns by tiles. What waits while the engine runs leaves together: batches form
 * by themselves under load, and nothing waits for company. Safe for use by several threads; as long as the memory budget lets it
 * become.
 */
final class TileQueue {

    private final int tileLimit;
    private final FairLine<PreparedImage> images = new FairLine<>();
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
        images.add(image.job().requester(), image.tiles(), image);
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

    /** Wakes the one who waits, and hands over what nobody will take. */
    synchronized List<PreparedImage> close() {
        closed = true;
        List<PreparedImage> left = images.clear();
        notifyAll();
        return left;
    }
}

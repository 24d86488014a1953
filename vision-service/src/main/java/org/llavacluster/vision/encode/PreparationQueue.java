package org.llavacluster.vision.encode;

import java.util.List;
import java.util.Optional;

/**
 * Images waiting to be decoded. Requesters take turns by number of pixels. Large images never occupy the last thread,
 * so that a small image need not wait for a large one. Thread-safe.
 */
final class PreparationQueue {

    /** Four megapixels take about a tenth of a second to decode. */
    static final long LARGE_PIXELS = 4 << 20;

    private final int mostLarge;
    private final FairQueue<EncodeJob> line = new FairQueue<>();
    private int large;

    /**
     * @param threads number of decoding threads
     */
    PreparationQueue(int threads) {
        mostLarge = Math.max(1, threads - 1);
    }

    synchronized void add(EncodeJob job) {
        line.add(job.requester(), job.drawnPixels(), job);
    }

    /** Takes the next image among those that may be decoded now. The caller reports {@link #done}. */
    synchronized Optional<EncodeJob> next() {
        Optional<EncodeJob> job = line.take(candidate -> !isLarge(candidate) || large < mostLarge);
        large += job.filter(PreparationQueue::isLarge).isPresent() ? 1 : 0;
        return job;
    }

    /** Returns whether an image that was held back may be decoded now. */
    synchronized boolean done(EncodeJob job) {
        if (!isLarge(job)) {
            return false;
        }
        large--;
        return !line.isEmpty();
    }

    synchronized boolean remove(EncodeJob job) {
        return line.remove(job);
    }

    /** Takes all waiting images. */
    synchronized List<EncodeJob> clear() {
        return line.clear();
    }

    private static boolean isLarge(EncodeJob job) {
        return job.drawnPixels() > LARGE_PIXELS;
    }
}

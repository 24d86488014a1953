package org.llavacluster.vision.encode;

import java.util.List;
import java.util.Optional;
import org.llavacluster.vision.fair.FairLine;

/**
 * Images that wait to be decoded. Requesters take turns by the pixels that their images have; large images never have the last
 * thread, so that small ones need not wait for one to be decoded. Safe for use by several threads.
 */
final class PreparationLine {

    /** Four megapixels are decoded in about a tenth of a second. */
    static final long LARGE_PIXELS = 4 << 20;

    private final int mostLarge;
    private final FairLine<EncodeJob> line = new FairLine<>();
    private int large;

    /** @param threads that decode */
    PreparationLine(int threads) {
        mostLarge = Math.max(1, threads - 1);
    }

    synchronized void add(EncodeJob job) {
        line.add(job.requester(), job.drawnPixels(), job);
    }

    /** Takes the image whose turn it is among those that may be decoded now; the caller says when it is {@link #done}. */
    synchronized Optional<EncodeJob> next() {
        Optional<EncodeJob> job = line.take(candidate -> !isLarge(candidate) || large < mostLarge);
        large += job.filter(PreparationLine::isLarge).isPresent() ? 1 : 0;
        return job;
    }

    /** Whether an image that was held back may go now. */
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

    /** Takes all that wait. */
    synchronized List<EncodeJob> clear() {
        return line.clear();
    }

    private static boolean isLarge(EncodeJob job) {
        return job.drawnPixels() > LARGE_PIXELS;
    }
}

package org.llavacluster.vision.upload;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

/**
 * Checks that a file arrives fast enough, counting only the time in which the node waits for the client. At least
 * {@link #WINDOW_BYTES} must arrive in each window of {@link #WINDOW}, in any number of messages, and the whole
 * file within {@link #LONGEST}. Thread-safe.
 */
final class UploadPace {

    static final Duration WINDOW = Duration.ofSeconds(10);
    static final int WINDOW_BYTES = FixedLimits.UPLOAD_WINDOW_BYTES.intValue();

    static final Duration LONGEST = FixedLimits.UPLOAD_TIME.duration();

    private boolean awaiting;
    private long since;
    private long windowNanos;
    private long windowBytes;
    private long totalNanos;

    /** The node requests a piece. */
    synchronized void asked(long now) {
        awaiting = true;
        since = now;
    }

    /** A piece arrived. */
    synchronized void came(int bytes, long now) {
        settle(now);
        awaiting = false;
        windowBytes += bytes;
    }

    /** Whether the client is too slow. */
    synchronized boolean isExpired(long now) {
        settle(now);
        if (totalNanos >= LONGEST.toNanos()) {
            return true;
        }
        if (windowNanos < WINDOW.toNanos()) {
            return false;
        }
        boolean tooFew = windowBytes < WINDOW_BYTES;
        windowNanos = 0;
        windowBytes = 0;
        return tooFew;
    }

    /** When to check again, in nanoseconds from the last check. */
    synchronized long nextLookNanos() {
        return Math.max(1, Math.min(WINDOW.toNanos() - windowNanos, LONGEST.toNanos() - totalNanos));
    }

    private void settle(long now) {
        if (awaiting) {
            windowNanos += now - since;
            totalNanos += now - since;
            since = now;
        }
    }
}

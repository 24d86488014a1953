package org.llavacluster.vision.upload;

import java.time.Duration;

/**
 * Whether a file comes fast enough. Only the time counts in which the node waits for the client. In each window of
 * {@link #WINDOW} at least {@value #WINDOW_BYTES} bytes have to come, however many messages they are in, and a whole file within
 * {@link #LONGEST}. Safe for use by several threads.
 */
final class UploadPace {

    static final Duration WINDOW = Duration.ofSeconds(10);
    static final int WINDOW_BYTES = 64 << 10;

    /** The largest file takes that long at 350 KB/s. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private boolean awaiting;
    private long since;
    private long windowNanos;
    private long windowBytes;
    private long totalNanos;

    /** The node asks for a piece. */
    synchronized void asked(long now) {
        awaiting = true;
        since = now;
    }

    /** A piece came. */
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

    /** When to look again, in nanoseconds from the last look. */
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

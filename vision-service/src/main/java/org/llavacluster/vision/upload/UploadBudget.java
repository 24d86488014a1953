package org.llavacluster.vision.upload;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the bytes of received files that are not decoded yet. Announced bytes do not count. At the limit only the
 * oldest upload may continue. It always can, so uploads never wait for each other in a circle. Thread-safe.
 */
public final class UploadBudget {

    private final long limit;
    /** Files whose bytes count, the oldest first. */
    private final Set<Share> shares = new LinkedHashSet<>();

    private long used;

    public UploadBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("an upload budget of " + limit + " bytes");
        }
        this.limit = limit;
    }

    public synchronized long used() {
        return used;
    }

    /** A file that begins to arrive. */
    Share begin() {
        Share share = new Share();
        synchronized (this) {
            shares.add(share);
        }
        return share;
    }

    private void admit() {
        List<Runnable> admitted = new ArrayList<>();
        synchronized (this) {
            boolean oldest = true;
            for (Share share : shares) {
                if (share.granted != null && (oldest || used < limit)) {
                    admitted.add(share.granted);
                    share.granted = null;
                }
                oldest &= share.whole;
            }
        }
        admitted.forEach(Runnable::run);
    }

    /** One file's part of the budget. */
    final class Share implements AutoCloseable {

        private long bytes;
        private boolean whole;
        private Runnable granted;

        private Share() {}

        /**
         * Asks for permission to receive the next piece.
         *
         * @param go called once, now or later on a thread that returned bytes; never after closing
         */
        void ask(Runnable go) {
            synchronized (UploadBudget.this) {
                granted = go;
            }
            admit();
        }

        /** Counts received bytes. */
        void came(long more) {
            synchronized (UploadBudget.this) {
                if (shares.contains(this)) {
                    bytes += more;
                    used += more;
                }
            }
        }

        /** The file is complete, so a younger one may become the oldest incomplete upload. */
        void complete() {
            synchronized (UploadBudget.this) {
                whole = true;
            }
            admit();
        }

        /** Whether the file is neither complete nor given up. */
        boolean isComing() {
            synchronized (UploadBudget.this) {
                return !whole && shares.contains(this);
            }
        }

        /** Returns the bytes. */
        @Override
        public void close() {
            synchronized (UploadBudget.this) {
                if (!shares.remove(this)) {
                    return;
                }
                used -= bytes;
                granted = null;
            }
            admit();
        }
    }
}

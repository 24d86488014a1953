package org.llavacluster.vision.upload;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the bytes of files that have come and are not yet decoded. Bytes that were only announced count for nothing. While the
 * bytes are at the limit, only the oldest upload may go on: it always can, so uploads never wait for each other. Safe for use by
 * several threads.
 */
public final class UploadBudget {

    private final long limit;
    /** Files whose bytes are counted, the oldest first. */
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

    /** A file that begins to come. */
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
         * Asks for leave to take the next piece.
         *
         * @param go called once, now or later by a thread that gave bytes back; never after closing
         */
        void ask(Runnable go) {
            synchronized (UploadBudget.this) {
                granted = go;
            }
            admit();
        }

        /** Counts bytes that came. */
        void came(long more) {
            synchronized (UploadBudget.this) {
                if (shares.contains(this)) {
                    bytes += more;
                    used += more;
                }
            }
        }

        /** The file is whole: it no longer keeps younger ones from being the oldest that still comes. */
        void complete() {
            synchronized (UploadBudget.this) {
                whole = true;
            }
            admit();
        }

        /** Whether the file is neither whole nor given up. */
        boolean isComing() {
            synchronized (UploadBudget.this) {
                return !whole && shares.contains(this);
            }
        }

        /** Gives the bytes back. */
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

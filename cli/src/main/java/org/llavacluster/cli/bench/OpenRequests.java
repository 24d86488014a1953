package org.llavacluster.cli.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.llavacluster.cli.CliException;

/** The requests of a load that have not ended. */
public final class OpenRequests {

    private final CountDownLatch open;

    /**
     * @param count of all requests
     */
    public OpenRequests(int count) {
        this.open = new CountDownLatch(count);
    }

    /** One request has ended. */
    public void ended() {
        open.countDown();
    }

    /** Returns when the last request has ended; fails if that takes longer. */
    public void awaitNone(Duration most) {
        try {
            if (!open.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CliException(open.getCount() + " requests did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}

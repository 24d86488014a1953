package org.llavacluster.cli.options;

import org.llavacluster.cli.CliException;

/** How many threads may be asked for: as many as a worker takes. */
public final class ThreadCount {

    private static final int MOST = 1024;

    private ThreadCount() {}

    /** @throws CliException if it is out of range */
    public static int checked(int threads) {
        if (threads < 1 || threads > MOST) {
            throw new CliException("--threads must be between 1 and " + MOST + ", not " + threads);
        }
        return threads;
    }
}

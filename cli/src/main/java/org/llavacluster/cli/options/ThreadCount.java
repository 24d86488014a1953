package org.llavacluster.cli.options;

/** Bounds of thread counts, as for a worker. */
public final class ThreadCount {

    private static final int MOST = 1024;

    private ThreadCount() {}

    /** @throws org.llavacluster.cli.CliException if it is out of range */
    public static int checked(int threads) {
        OptionRange.requireBetween("--threads", threads, 1, MOST);
        return threads;
    }
}

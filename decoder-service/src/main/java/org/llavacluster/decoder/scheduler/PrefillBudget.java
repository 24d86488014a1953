package org.llavacluster.decoder.scheduler;

/**
 * How many prompt rows a step may hold. While other sequences stream, their next tokens wait for the whole step, so its prompt
 * rows are bounded in time as well; Sarathi-Serve, arXiv 2403.02310, calls it stall-free batching.
 */
final class PrefillBudget {

    private final Limits limits;
    private final StepTimes times;
    private final int leastRows;

    /** @param leastRows so that a prompt moves on however tight the time is */
    PrefillBudget(Limits limits, StepTimes times, int leastRows) {
        this.limits = limits;
        this.times = times;
        this.leastRows = leastRows;
    }

    /** @param streams whose next tokens the step computes too */
    int rows(int streams) {
        if (streams == 0) {
            return limits.prefillRows();
        }
        int inTime = times.rowsWithin(limits.prefillNanos(), streams, leastRows);
        return Math.min(limits.prefillRows(), Math.max(leastRows, inTime));
    }
}

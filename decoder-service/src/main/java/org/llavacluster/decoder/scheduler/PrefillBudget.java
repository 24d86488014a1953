package org.llavacluster.decoder.scheduler;

/**
 * How many prompt rows a step may hold. While other sequences stream, their next tokens wait for the whole step, so the
 * time of its prompt rows is bounded too. Sarathi-Serve (arXiv 2403.02310) calls this stall-free batching.
 */
final class PrefillBudget {

    private final SchedulerLimits limits;
    private final StepTimes times;
    private final int leastRows;

    /**
     * @param leastRows rows always allowed, so that a prompt advances in any case
     */
    PrefillBudget(SchedulerLimits limits, StepTimes times, int leastRows) {
        this.limits = limits;
        this.times = times;
        this.leastRows = leastRows;
    }

    /**
     * @param streams number of streams whose next tokens the step also computes
     */
    int rows(int streams) {
        if (streams == 0) {
            return limits.prefillRows();
        }
        int inTime = times.rowsWithin(limits.prefillNanos(), streams, leastRows);
        return Math.min(limits.prefillRows(), Math.max(leastRows, inTime));
    }
}

package org.llavacluster.gateway.resume;

/**
 * How many resumes the requests that arrive pay for. It keeps a fault that hits every attempt from multiplying the load; the loss of a
 * worker with everything that runs is always covered.
 */
final class ResumeBudget {

    private final ResumeLimits limits;
    private final SlidingCount requests;
    private final SlidingCount resumes;

    ResumeBudget(ResumeLimits limits) {
        this.limits = limits;
        this.requests = new SlidingCount(limits.budgetWindow());
        this.resumes = new SlidingCount(limits.budgetWindow());
    }

    void request(long nowNanos) {
        requests.add(nowNanos);
    }

    /** Takes one, or says that there is none. */
    boolean take(long nowNanos) {
        double most = limits.budgetFree() + limits.budgetShare() * requests.count(nowNanos);
        if (resumes.count(nowNanos) + 1 > most) {
            return false;
        }
        resumes.add(nowNanos);
        return true;
    }
}

package org.llavacluster.gateway.resume;

/**
 * The number of resumes that arriving requests allow. It keeps a fault that affects every attempt from multiplying the
 * load. The loss of a worker with all its requests is always covered.
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

    /** Takes one; false if there is none. */
    boolean take(long nowNanos) {
        double most = limits.budgetFree() + limits.budgetShare() * requests.count(nowNanos);
        if (resumes.count(nowNanos) + 1 > most) {
            return false;
        }
        resumes.add(nowNanos);
        return true;
    }
}

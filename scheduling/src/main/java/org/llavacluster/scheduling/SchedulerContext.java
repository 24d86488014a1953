package org.llavacluster.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.llavacluster.scheduling.queue.DeadlineAdmission;
import org.llavacluster.scheduling.retry.RetryBudget;
import org.llavacluster.scheduling.worker.DecoderRates;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.scheduling.worker.WorkerTable;

/** What the stages of a scheduler share. */
final class SchedulerContext {

    final ClusterLimits limits;
    final WorkerTable workers;
    final RetryBudget retries;
    final DeadlineAdmission times = new DeadlineAdmission();
    final Map<Long, ScheduledRequest> requests = new HashMap<>(); // all that have not ended, by id
    private final BiConsumer<ScheduledRequest, RequestOutcome> ending;

    long now; // of this step
    boolean decodersChanged; // in this step, so that they may have room
    List<ClusterAction> actions = new ArrayList<>();
    long repeated; // calls, after a failure
    long late; // events dropped

    SchedulerContext(ClusterLimits limits, SchedulerParts parts, BiConsumer<ScheduledRequest, RequestOutcome> ending) {
        this.limits = limits;
        this.workers = parts.workers();
        this.retries = parts.retries();
        this.ending = ending;
    }

    /**
     * Whether there is more than one request. A single one is never too late: what it takes would never be measured
     * again.
     */
    boolean busy() {
        return requests.size() > 1;
    }

    /** Of the fastest decoders that the request could go to. */
    DecoderRates rates(ScheduledRequest request) {
        return DecoderRates.fastest(workers.usable(now, WorkerRole.DECODER, request.decoderIdentity));
    }

    void end(ScheduledRequest request, RequestOutcome outcome) {
        ending.accept(request, outcome);
    }

    void fail(ScheduledRequest request, RequestOutcome.Fault fault) {
        end(request, new RequestOutcome.Failed(fault, request.produced));
    }

    /** Whether a call that failed may be repeated. */
    boolean repeat() {
        boolean allowed = retries.take();
        repeated += allowed ? 1 : 0;
        return allowed;
    }
}

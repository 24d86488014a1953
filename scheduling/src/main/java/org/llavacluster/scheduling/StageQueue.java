package org.llavacluster.scheduling;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.llavacluster.scheduling.RequestOutcome.Refusal;
import org.llavacluster.scheduling.queue.DeadlineAdmission;
import org.llavacluster.scheduling.queue.QueueEntry;
import org.llavacluster.scheduling.queue.StartRate;
import org.llavacluster.scheduling.queue.TenantQueue;

/**
 * Requests that wait for one stage, in their fair order, and the rate at which they start. The rate says how long a new
 * request would wait, and when a refused one should be sent again.
 */
final class StageQueue {

    private final SchedulerContext context;
    private final TenantQueue queue;
    private final StartRate starts;
    private final Map<Long, ScheduledRequest> waiting = new HashMap<>(); // by ticket

    StageQueue(SchedulerContext context, TenantQueue queue, StartRate starts) {
        this.context = context;
        this.queue = queue;
        this.starts = starts;
    }

    /**
     * Adds the request. A full queue refuses the last in its order, which may be another one.
     *
     * @param cost what the request takes of the stage, in the stage's unit
     */
    void add(ScheduledRequest request, double cost) {
        request.entry = new QueueEntry(request.ticket, request.spec.tenant(), request.spec.priority(), cost);
        waiting.put(request.ticket, request);
        Optional<QueueEntry> last = queue.add(request.entry);
        starts.waiting(context.now, true);
        last.ifPresent(left -> {
            ScheduledRequest refused = waiting.remove(left.ticket());
            refused.entry = null;
            context.end(refused, new RequestOutcome.Refused(Refusal.QUEUE_FULL, retryNanos(0)));
        });
    }

    /** The next request. There must be one. */
    ScheduledRequest first() {
        return first(0, _ -> false);
    }

    /**
     * The next request, or the first preferred one among those that follow it. There must be one.
     *
     * @param lookahead how many of the next request's tenant and priority are looked at
     */
    ScheduledRequest first(int lookahead, Predicate<ScheduledRequest> preferred) {
        return queue.peek(lookahead, entry -> preferred.test(waiting.get(entry.ticket())))
                .map(entry -> waiting.get(entry.ticket()))
                .orElseThrow();
    }

    /** The request starts. */
    void start(ScheduledRequest request) {
        queue.start(request.entry);
        starts.started(context.now, request.entry.cost());
        waiting.remove(request.ticket);
        request.entry = null;
    }

    /** Refuses a request that would end so much after its deadline. */
    void refuseLate(ScheduledRequest request, double lateNanos) {
        context.end(request, new RequestOutcome.Refused(Refusal.TOO_LATE, retryNanos(lateNanos)));
    }

    /** The request leaves without a start, if it waits here. */
    void leave(ScheduledRequest request) {
        if (request.entry != null && waiting.remove(request.ticket) != null) {
            queue.remove(request.entry);
            request.entry = null;
            noteWaiting();
        }
    }

    /** Whether requests wait from now on: the rate counts the times in which they do. */
    void noteWaiting() {
        starts.waiting(context.now, !isEmpty());
    }

    /** Time that a new request of the tenant would wait. */
    double waitNanos(String tenant) {
        double nanos = starts.nanosFor(queue.costAhead(tenant));
        return isEmpty() ? 0 : DeadlineAdmission.waiting(nanos);
    }

    private long retryNanos(double lateNanos) {
        double half = starts.nanosFor(queue.cost()) / 2;
        return DeadlineAdmission.retryNanos(Math.max(half, lateNanos));
    }

    boolean isEmpty() {
        return queue.size() == 0;
    }

    int size() {
        return queue.size();
    }
}

package org.llavacluster.scheduling;

import java.util.Comparator;
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
    private int further; // choices among them

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
        further += request.spec.further() ? 1 : 0;
        Optional<QueueEntry> last = queue.add(request.entry);
        starts.waiting(context.now, true);
        last.ifPresent(left -> {
            ScheduledRequest refused = waiting.get(left.ticket());
            forget(refused);
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
        forget(request);
    }

    private void forget(ScheduledRequest request) {
        waiting.remove(request.ticket);
        further -= request.spec.further() ? 1 : 0;
        request.entry = null;
    }

    /** Refuses a request that would end so much after its deadline. */
    void refuseLate(ScheduledRequest request, double lateNanos) {
        context.end(request, new RequestOutcome.Refused(Refusal.TOO_LATE, retryNanos(lateNanos)));
    }

    /** The request leaves without a start, if it waits here. */
    void leave(ScheduledRequest request) {
        if (request.entry != null && waiting.containsKey(request.ticket)) {
            queue.remove(request.entry);
            forget(request);
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

    /** Of all that wait. */
    double cost() {
        return queue.cost();
    }

    int size() {
        return queue.size();
    }

    /** The first to come of the further choices of requests that run. */
    Optional<ScheduledRequest> firstFurther() {
        return further == 0
                ? Optional.empty()
                : waiting.values().stream()
                        .filter(request -> request.spec.further())
                        .min(Comparator.comparingLong(request -> request.ticket));
    }

    /** Further choices of requests that run, among those that wait. */
    int further() {
        return further;
    }
}

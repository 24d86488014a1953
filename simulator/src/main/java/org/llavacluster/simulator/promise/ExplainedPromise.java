package org.llavacluster.simulator.promise;

import java.util.stream.Stream;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.RequestOutcome.Refusal;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.FaultRecord.Kind;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.history.Universe;

/** Every end other than completion is one that the faults of the run, the request or the load allow. */
final class ExplainedPromise {

    private ExplainedPromise() {}

    static Stream<String> explained(History history) {
        return history.requests.values().stream()
                .filter(request -> request.ended() && !isExplained(history, request))
                .map(request -> StreamPromises.name(request) + " ended unexplained: "
                        + request.ends.getFirst().outcome());
    }

    private static boolean isExplained(History history, ClientRequest request) {
        ClientRequest.End end = request.ends.getFirst();
        return switch (end.outcome()) {
            case RequestOutcome.Completed() -> request.content.images().stream().noneMatch(Universe::isBroken);
            case RequestOutcome.Cancelled() -> request.cancelNanos <= end.nanos();
            case RequestOutcome.Expired() -> request.spec.deadlineNanos() <= end.nanos();
            case RequestOutcome.Refused(Refusal reason, long retryNanos) ->
                retryNanos > 0 && request.attempts.isEmpty() && isExplained(history, request, end, reason);
            case RequestOutcome.ImageRefused _ ->
                request.content.images().stream().anyMatch(Universe::isBroken);
            case RequestOutcome.Failed(Fault fault, int produced) ->
                produced == end.tokensBefore() && isExplained(history, request, fault);
        };
    }

    private static boolean isExplained(History history, ClientRequest request, ClientRequest.End end, Refusal reason) {
        return switch (reason) {
            case QUEUE_FULL -> end.queueFull();
            case TOO_LATE -> end.loaded();
            case QUARANTINED ->
                history.requests.values().stream()
                        .anyMatch(other -> other.spec.digest().equals(request.spec.digest())
                                && other.ended()
                                && other.ends.getFirst().outcome() instanceof RequestOutcome.Failed(Fault fault, int _)
                                && fault == Fault.KILLED_WORKERS);
        };
    }

    private static boolean isExplained(History history, ClientRequest request, Fault fault) {
        boolean gone =
                history.has(Kind.KILL) || history.has(Kind.DRAIN) || history.has(Kind.CUT) || history.has(Kind.PAUSE);
        return switch (fault) {
            case NO_WORKER -> gone || history.has(Kind.ROLLOUT);
            case IMAGE_LOST -> gone || history.has(Kind.EVICT) || history.has(Kind.FAIL);
            case REFUSED -> false;
            case RETRIES_SPENT -> history.has(Kind.FAIL) || history.has(Kind.SLOW) || gone;
            case NUMERICS_GONE -> history.has(Kind.ROLLOUT) && request.received() > 0;
            case KILLED_WORKERS ->
                request.attempts.stream().filter(attempt -> attempt.decoderDied).count() >= history.limits.maxLosses();
        };
    }
}

package org.llavacluster.simulator.promise;

import java.util.stream.Stream;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.SchedulerLoad;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.FaultRecord.Kind;
import org.llavacluster.simulator.history.History;

/** What adds up: places and requests, calls, and what goes on after the last fault. */
final class LedgerPromises {

    private LedgerPromises() {}

    /** Nothing is held when no request is left. */
    static Stream<String> released(History history) {
        SchedulerLoad load = history.load;
        if (load == null) {
            return Stream.empty();
        }
        if (load.inside() != 0 || load.flights() != 0) {
            return Stream.of(
                    "the scheduler still has " + load.inside() + " requests and " + load.flights() + " flights");
        }
        if (history.thrown instanceof IllegalStateException
                && history.thrown.getMessage().contains("no request")) {
            return Stream.of(history.thrown.getMessage());
        }
        return history.leftAtWorkers == 0
                ? Stream.empty()
                : Stream.of("workers still have " + history.leftAtWorkers + " calls");
    }

    /** Requests submitted equal requests ended, by each way of ending, in the counters too. */
    static Stream<String> conserved(History history) {
        SchedulerLoad.Outcomes counted = history.load.outcomes();
        long[] seen = new long[5];
        for (ClientRequest request : history.requests.values()) {
            for (ClientRequest.End end : request.ends) {
                seen[place(end.outcome())]++;
            }
        }
        long[] counts = {
            counted.completed(), counted.cancelled(), counted.expired(), counted.refused(), counted.failed()
        };
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] != counts[i]) {
                return Stream.of("clients saw " + seen[i] + " ends of kind " + i + ", the counters have " + counts[i]);
            }
        }
        long submitted = history.load.submitted();
        return submitted == history.requests.size() && submitted == counted.total() + history.load.inside()
                ? Stream.empty()
                : Stream.of(history.requests.size() + " requests were made, " + submitted + " counted, "
                        + counted.total() + " ended");
    }

    private static int place(RequestOutcome outcome) {
        return switch (outcome) {
            case RequestOutcome.Completed() -> 0;
            case RequestOutcome.Cancelled() -> 1;
            case RequestOutcome.Expired() -> 2;
            case RequestOutcome.Refused _ -> 3;
            case RequestOutcome.ImageRefused _, RequestOutcome.Failed _ -> 4;
        };
    }

    /** Repeats are within the budget; nothing is done for a request that has ended or whose time is over. */
    static Stream<String> frugal(History history) {
        if (history.uselessCalls > 0) {
            return Stream.of(history.uselessCalls + " calls were made for requests that had ended");
        }
        boolean held = history.has(Kind.CUT) || history.has(Kind.PAUSE);
        if (history.tokensForNobody > 0 && !held) {
            return Stream.of(history.tokensForNobody + " tokens were made for requests that had left");
        }
        long first = history.firstEncodes;
        long repeated = history.repeatedEncodes;
        for (ClientRequest request : history.requests.values()) {
            first += request.attempts.isEmpty() ? 0 : 1;
            repeated += request.attempts.stream()
                    .limit(Math.max(0, request.attempts.size() - 1))
                    .filter(attempt -> attempt.broken == Cause.FAILED || attempt.broken == Cause.FULL)
                    .count();
            long killed = request.attempts.stream()
                    .filter(attempt -> attempt.accepted && attempt.decoderDied)
                    .count();
            if (killed > history.limits.maxLosses()) {
                return Stream.of(StreamPromises.name(request) + " went to " + killed + " decoders that died");
            }
        }
        double allowed = history.limits.retryShare() * first + history.limits.retryReserve();
        return repeated <= allowed
                ? Stream.empty()
                : Stream.of(repeated + " calls were repeated beside " + first + " first ones");
    }

    /** After the last fault is healed new requests complete. */
    static Stream<String> live(History history) {
        return history.requests.values().stream()
                .filter(request -> request.probe && !request.completed())
                .map(request -> StreamPromises.name(request) + ", made after all was healed, ended with "
                        + (request.ended() ? request.ends.getFirst().outcome() : "nothing"));
    }

    /** The scheduler breaks none of its own invariants. */
    static Stream<String> quiet(History history) {
        return history.thrown == null ? Stream.empty() : Stream.of("the scheduler threw " + history.thrown);
    }
}

package org.llavacluster.gateway.pipeline;

import java.time.Duration;
import java.util.Optional;
import org.llavacluster.gateway.dispatch.Dispatcher;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.RequestOutcome.Refusal;

/** What the end of a request at the scheduler means to its client. */
final class OutcomeFailures {

    private OutcomeFailures() {}

    /**
     * @param newest how its last call to a decoder failed
     * @param numericsId of the tokens that were sent
     */
    static Failure of(
            RequestOutcome outcome,
            RequestImages images,
            Dispatcher dispatcher,
            Optional<Failure> newest,
            Optional<String> numericsId) {
        return switch (outcome) {
            case RequestOutcome.Completed() ->
                throw new IllegalStateException("a request that completed has no failure");
            case RequestOutcome.Cancelled() -> new Failure.Cancelled("the caller cancelled the request");
            case RequestOutcome.Expired() -> new Failure.Expired("the deadline is over");
            case RequestOutcome.Refused(Refusal reason, long retryNanos) ->
                refused(reason, Duration.ofNanos(retryNanos), dispatcher.limits());
            case RequestOutcome.ImageRefused(var featureKey) -> {
                String field = images.field(featureKey);
                yield new Failure.Invalid(field, field + ": " + dispatcher.refusal(featureKey));
            }
            case RequestOutcome.Failed(Fault fault, int _) -> failed(fault, dispatcher.limits(), newest, numericsId);
        };
    }

    private static Failure refused(Refusal reason, Duration retry, ClusterLimits limits) {
        return switch (reason) {
            case QUEUE_FULL ->
                new Failure.Overloaded(
                        "all " + limits.maxRunning() + " running and " + limits.maxWaiting()
                                + " waiting places are taken",
                        retry);
            case TOO_LATE ->
                new Failure.Overloaded("as things are, the answer would not be whole by the deadline", retry);
            case QUARANTINED ->
                new Failure.Precondition("decoders ended while they worked on this request: it is refused for another "
                        + Math.ceilDiv(retry.toMillis(), 1000) + " s");
        };
    }

    private static Failure failed(
            Fault fault, ClusterLimits limits, Optional<Failure> newest, Optional<String> numericsId) {
        String within = " within " + limits.health().graceNanos() / 1_000_000 + " ms";
        return switch (fault) {
            case NO_WORKER ->
                new Failure.Unavailable(newest.map(failure -> failure.message() + ", and no other was there" + within)
                        .orElse("no worker of a role that the request needs is available"));
            case NUMERICS_GONE ->
                new Failure.Unavailable("the decoder was lost and none with its numerics id "
                        + numericsId.orElse("of before") + " was there" + within
                        + ": another one would change the answer");
            case IMAGE_LOST ->
                new Failure.Unavailable(
                        "an image could not be encoded, or its tensors were lost, " + limits.maxEncodes() + " times");
            case KILLED_WORKERS ->
                new Failure.Aborted(limits.maxLosses() + " decoders ended while they worked on the request");
            case RETRIES_SPENT, REFUSED ->
                newest.orElse(new Failure.Unavailable("workers failed too often in the last seconds"));
        };
    }
}

package org.llavacluster.decoder.generate;

import java.time.Duration;
import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;

/** The failure that a client gets for a request that did not complete. */
final class EndingFailures {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private EndingFailures() {}

    static Failure failure(Ending ending) {
        return switch (ending) {
            case Ending.Cancelled() -> new Failure.Cancelled("the call was cancelled");
            case Ending.Expired() -> new Failure.Expired("the deadline passed before the end of the answer");
            case Ending.QueueFull(int waiting) ->
                new Failure.Overloaded("the queue of this decoder is full with " + waiting + " requests", RETRY_AFTER);
            case Ending.LargerThanPool(int tokens, int poolTokens) ->
                new Failure.Invalid(
                        "max_tokens",
                        "max_tokens and the prompt need " + tokens + " positions of KV cache, this decoder has "
                                + poolTokens);
            case Ending.Failed(Throwable cause) -> GrpcFailures.of(cause);
            case Ending.Stopped _, Ending.LengthReached _ ->
                throw new IllegalArgumentException("a complete answer is not a failure");
        };
    }
}

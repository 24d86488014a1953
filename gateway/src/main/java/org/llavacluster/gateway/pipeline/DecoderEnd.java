package org.llavacluster.gateway.pipeline;

import org.llavacluster.gateway.resume.Loss;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;

/** What the end of a decoder's call without an answer means for the request. */
sealed interface DecoderEnd {

    /** The request is at fault or its deadline has passed: it would end the same elsewhere. */
    record Refused(Failure failure) implements DecoderEnd {}

    /** The decoder has no place for it at present. */
    record Full(Failure.Overloaded failure) implements DecoderEnd {}

    /** The attempt is lost; another one may succeed. */
    record Lost(Loss.Cause cause, Failure failure) implements DecoderEnd {}

    static DecoderEnd of(GenerateCall.End end) {
        return switch (end) {
            case GenerateCall.End.Completed() ->
                new Lost(Loss.Cause.DIED, new Failure.Unavailable("the decoder ended without an answer"));
            case GenerateCall.End.Broken(Throwable thrown) -> of(thrown);
        };
    }

    private static DecoderEnd of(Throwable thrown) {
        Failure failure = WorkerFailures.beforeTokens(thrown, "decoder");
        return switch (failure) {
            case Failure.Invalid _, Failure.ContextExceeded _, Failure.TooLarge _, Failure.Expired _ ->
                new Refused(failure);
            case Failure.Overloaded overloaded -> new Full(overloaded);
            case Failure.Corrupt _, Failure.Internal _ -> new Lost(Loss.Cause.FAILED, failure);
            case Failure _ -> new Lost(cause(thrown), failure);
        };
    }

    private static Loss.Cause cause(Throwable thrown) {
        if (!WorkerFailures.saidByWorker(thrown)) {
            return Loss.Cause.DIED;
        }
        return GrpcFailures.of(thrown) instanceof Failure.Precondition ? Loss.Cause.FAILED : Loss.Cause.TURNED_AWAY;
    }
}

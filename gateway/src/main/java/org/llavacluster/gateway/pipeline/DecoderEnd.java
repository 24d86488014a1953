package org.llavacluster.gateway.pipeline;

import org.llavacluster.gateway.failure.WorkerFailures;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.scheduling.ClusterEvent.Cause;

/**
 * How a decoder's call ended without an answer.
 *
 * @param cause as the scheduler is told
 * @param failure that the client gets if the request does not go on
 */
record DecoderEnd(Cause cause, Failure failure) {

    static final DecoderEnd MOVED = new DecoderEnd(Cause.HANDED_OVER, new Failure.Unavailable("the decoder drained"));

    static final DecoderEnd LOST = new DecoderEnd(Cause.LOST, WorkerFailures.lost("decoder"));

    static final DecoderEnd SILENT =
            new DecoderEnd(Cause.LOST, new Failure.Unavailable("the decoder node has not reported for too long"));

    static DecoderEnd of(GenerateCall.End end) {
        return switch (end) {
            case GenerateCall.End.Completed() ->
                new DecoderEnd(Cause.LOST, new Failure.Unavailable("the decoder ended without an answer"));
            case GenerateCall.End.Broken(Throwable thrown) -> of(thrown);
        };
    }

    /** Whether the request is at fault, perhaps because of one of its images. */
    boolean isRefusal() {
        return cause == Cause.REFUSED;
    }

    ResumeCause resumeCause() {
        return switch (cause) {
            case HANDED_OVER -> ResumeCause.MOVED;
            case FULL, TURNED_AWAY -> ResumeCause.TURNED_AWAY;
            case FAILED, REFUSED -> ResumeCause.FAILED;
            case LOST -> this == SILENT ? ResumeCause.SILENT : ResumeCause.DIED;
        };
    }

    private static DecoderEnd of(Throwable thrown) {
        Failure failure = WorkerFailures.beforeTokens(thrown, "decoder");
        return switch (failure) {
            case Failure.Invalid _, Failure.ContextExceeded _, Failure.TooLarge _, Failure.Expired _ ->
                new DecoderEnd(Cause.REFUSED, failure);
            case Failure.Overloaded _ -> new DecoderEnd(Cause.FULL, failure);
            case Failure.Corrupt _, Failure.Internal _ -> new DecoderEnd(Cause.FAILED, failure);
            case Failure _ -> new DecoderEnd(cause(thrown), failure);
        };
    }

    private static Cause cause(Throwable thrown) {
        if (!WorkerFailures.saidByWorker(thrown)) {
            return Cause.LOST;
        }
        return GrpcFailures.of(thrown) instanceof Failure.Precondition ? Cause.FAILED : Cause.TURNED_AWAY;
    }
}

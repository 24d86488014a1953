package org.llavacluster.gateway.failure;

import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;

/**
 * What a worker's failed call means for the request. Failures of the request itself are passed on, failures of the
 * worker are replaced.
 */
public final class WorkerFailures {

    private WorkerFailures() {}

    /**
     * The failure if nothing of the answer was sent yet.
     *
     * @param node role of the worker, for the text
     */
    public static Failure beforeTokens(Throwable thrown, String node) {
        if (brokenTransport(thrown)) {
            return lost(node);
        }
        return switch (GrpcFailures.of(thrown)) {
            case Failure.Invalid invalid -> invalid;
            case Failure.ContextExceeded exceeded -> exceeded;
            case Failure.TooLarge tooLarge -> tooLarge;
            case Failure.Overloaded overloaded -> overloaded;
            case Failure.Unavailable unavailable -> unavailable;
            case Failure.Corrupt corrupt -> corrupt;
            case Failure.Expired expired -> expired;
            case Failure.Internal internal -> internal;
            case Failure.Precondition precondition -> new Failure.Unavailable(precondition.message());
            case Failure.Aborted _,
                    Failure.NotFound _,
                    Failure.UnknownModel _,
                    Failure.Unsupported _,
                    Failure.Cancelled _ -> lost(node);
        };
    }

    /** The same failure if part of the answer was sent. */
    public static Failure afterTokens(Failure failure) {
        return switch (failure) {
            case Failure.Aborted aborted -> aborted;
            case Failure.Corrupt corrupt -> corrupt;
            case Failure.Expired expired -> expired;
            case Failure.Cancelled cancelled -> cancelled;
            case Failure.Internal internal -> internal;
            case Failure other -> new Failure.Aborted(other.message() + ", after a part of the answer was sent");
        };
    }

    /** Whether a worker of this project answered, rather than its connection breaking. */
    public static boolean saidByWorker(Throwable thrown) {
        return StatusProto.fromStatusAndTrailers(Status.fromThrowable(thrown), Status.trailersFromThrowable(thrown))
                        .getDetailsCount()
                > 0;
    }

    /** INTERNAL and UNKNOWN that no worker of this project sends: HTTP/2 streams end like that when a process dies. */
    private static boolean brokenTransport(Throwable thrown) {
        return switch (Status.fromThrowable(thrown).getCode()) {
            case INTERNAL, UNKNOWN -> !saidByWorker(thrown);
            default -> false;
        };
    }

    public static Failure lost(String node) {
        return new Failure.Unavailable("the " + node + " node was lost or ended the call");
    }
}

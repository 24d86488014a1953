package org.llavacluster.node.failure;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Failures as gRPC statuses and back. */
public final class GrpcFailures {

    private GrpcFailures() {}

    /** What goes over the wire. */
    public static StatusRuntimeException toStatus(Failure failure) {
        throw new UnsupportedOperationException(failure.message());
    }

    /** The failure that a status stands for; texts that did not come from us are left out, for they name addresses. */
    public static Failure of(Status status, Metadata trailers) {
        throw new UnsupportedOperationException(status + " " + trailers);
    }

    /** The failure that an exception stands for: FailureException, a gRPC status exception, or Internal. */
    public static Failure of(Throwable thrown) {
        throw new UnsupportedOperationException(thrown);
    }
}

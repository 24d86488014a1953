package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.failure.RefusalCause;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * A call that may be ended in place of its handler: what the handler does after that has no effect. Counts the call if
 * it ends with a refusal. gRPC's calls are not thread-safe, hence the lock; {@code isReady} needs none.
 */
final class RunningCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final RefusalMetrics refusals;
    private boolean closed;
    private boolean ended;

    RunningCall(ServerCall<Q, A> delegate, RefusalMetrics refusals) {
        super(delegate);
        this.refusals = refusals;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!closed) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(A message) {
        if (!closed) {
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!closed) {
            closed = true;
            RefusalCause.of(status).ifPresent(refusals::refused);
            super.close(status, trailers);
        }
    }

    /** Refuses the call in place of its handler, unless it was closed already. */
    void refuse(RefusalReason reason, Failure failure) {
        end(GrpcFailures.toStatus(failure, reason));
    }

    /** Closes the call in place of its handler, unless it was closed already. */
    void end(Failure failure) {
        end(GrpcFailures.toStatus(failure));
    }

    private synchronized void end(StatusRuntimeException status) {
        if (!closed) {
            ended = true;
            close(status.getStatus(), status.getTrailers());
        }
    }

    /** gRPC itself ended the call because a message is larger than may be. */
    synchronized void messageTooLarge() {
        if (!closed) {
            closed = true;
            refusals.refused(RefusalReason.MESSAGE_TOO_LARGE);
        }
    }

    /** Whether it was closed from outside. */
    synchronized boolean isEnded() {
        return ended;
    }
}

package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that may be ended by somebody else than its handler: what the handler does after that has no effect. gRPC's
 * calls are not thread-safe, hence the lock; {@code isReady} needs none.
 */
final class RunningCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean closed;

    RunningCall(ServerCall<Q, A> delegate) {
        super(delegate);
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
            super.close(status, trailers);
        }
    }
}

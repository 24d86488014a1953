package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that may be ended over its handler's head: what the handler does after that has no effect. gRPC's calls are
 * not thread-safe, hence the lock; {@code isReady} needs none.
 */
final class RunningCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private boolean closed;
    private boolean ended;

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

    /** Closes the call in the handler's place; false if it was closed already. */
    synchronized boolean end(Status status, Metadata trailers) {
        if (closed) {
            return false;
        }
        ended = true;
        close(status, trailers);
        return true;
    }

    /** Whether it was closed in the handler's place. */
    synchronized boolean isEnded() {
        return ended;
    }
}

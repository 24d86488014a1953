package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.failure.Incident;
import org.llavacluster.node.trace.RequestId;

/**
 * Converts exceptions of handlers, and the statuses they close calls with, to the statuses of this project: a {@link
 * FailureException} to that of its failure, anything unexpected to INTERNAL with an incident id, logged once and
 * without content. No call ends with UNKNOWN. Everything else of the call, such as {@code isReady}, is unchanged.
 */
final class FailureInterceptor implements ServerInterceptor {

    private static final Logger LOG = Logger.getLogger(FailureInterceptor.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Mapping<Q, A> mapping = new Mapping<>(call);
        try {
            return new Guarded<>(next.startCall(mapping, headers), mapping);
        } catch (RuntimeException e) {
            mapping.end(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static final class Mapping<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private boolean closed;

        Mapping(ServerCall<Q, A> delegate) {
            super(delegate);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                closed = true;
            }
            Throwable cause = status.getCause();
            if (status.getCode() == Status.Code.UNKNOWN || (!status.isOk() && cause instanceof FailureException)) {
                StatusRuntimeException mapped = GrpcFailures.toStatus(failure(cause));
                super.close(mapped.getStatus(), mapped.getTrailers());
            } else {
                super.close(status, trailers);
            }
        }

        private Failure failure(Throwable thrown) {
            Failure failure = GrpcFailures.of(thrown);
            if (failure instanceof Failure.Internal(String incident)) {
                LOG.errorf(
                        "incident %s in %s, %s: %s",
                        incident,
                        getMethodDescriptor().getFullMethodName(),
                        RequestId.named(),
                        thrown == null ? "closed with UNKNOWN" : Incident.describe(thrown));
            }
            return failure;
        }

        /** Ends the call because its handler threw; a call that has ended stays as it is. */
        void end(RuntimeException thrown) {
            Failure failure = failure(thrown);
            synchronized (this) {
                if (closed) {
                    return;
                }
            }
            StatusRuntimeException status = GrpcFailures.toStatus(failure);
            close(status.getStatus(), status.getTrailers());
        }
    }

    private static final class Guarded<Q, A> extends SimpleForwardingServerCallListener<Q> {

        private final Mapping<Q, A> call;

        Guarded(ServerCall.Listener<Q> delegate, Mapping<Q, A> call) {
            super(delegate);
            this.call = call;
        }

        private void guard(Runnable event) {
            try {
                event.run();
            } catch (RuntimeException e) {
                call.end(e);
            }
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }
    }
}

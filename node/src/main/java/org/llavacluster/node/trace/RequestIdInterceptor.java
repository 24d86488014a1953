package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Assigns the request id to every call: for the handler as {@link RequestId#current}, for the caller in headers and
 * trailers.
 */
public final class RequestIdInterceptor implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String id = RequestId.of(headers.get(RequestId.METADATA));
        return Contexts.interceptCall(RequestId.in(Context.current(), id), new Named<>(call, id), headers, next);
    }

    private static final class Named<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final String id;

        Named(ServerCall<Q, A> delegate, String id) {
            super(delegate);
            this.id = id;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            name(headers);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            name(trailers);
            super.close(status, trailers);
        }

        private void name(Metadata metadata) {
            metadata.discardAll(RequestId.METADATA);
            metadata.put(RequestId.METADATA, id);
        }
    }
}

package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Assigns the request id to every call: for the handler as {@link RequestId#current}, for the caller in headers and
 * trailers.
 */
public final class RequestIdInterceptor implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String id = RequestId.of(headers.get(RequestId.METADATA));
        ServerCall<Q, A> named = new AnswerHeader<>(call, RequestId.METADATA, id);
        return Contexts.interceptCall(RequestId.in(Context.current(), id), named, headers, next);
    }
}

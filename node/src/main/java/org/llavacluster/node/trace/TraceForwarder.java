package org.llavacluster.node.trace;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.opentelemetry.api.trace.SpanContext;

/** Puts outgoing calls under the span that the calling thread works under. */
public final class TraceForwarder implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        SpanContext span = CallTrace.current();
        ClientCall<Q, A> call = next.newCall(method, options);
        if (!span.isValid()) {
            return call;
        }
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                CallTrace.inject(span, headers);
                super.start(listener, headers);
            }
        };
    }
}

package org.llavacluster.node.trace;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Optional;

/** Adds the id of the current request to outgoing calls. */
public final class RequestIdForwarder implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Optional<String> id = RequestId.current();
        ClientCall<Q, A> call = next.newCall(method, options);
        if (id.isEmpty()) {
            return call;
        }
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                headers.discardAll(RequestId.METADATA);
                headers.put(RequestId.METADATA, id.get());
                super.start(listener, headers);
            }
        };
    }
}

package org.llavacluster.gateway.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.llavacluster.node.server.PeerAddress;

/** Provides service methods with the peer of their call. */
public final class CallPeer implements ServerInterceptor {

    private static final Context.Key<String> PEER = Context.keyWithDefault("peer", "unknown");

    /** The peer of the call that the current thread handles. */
    static String current() {
        return PEER.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String peer = PeerAddress.of(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
    }
}

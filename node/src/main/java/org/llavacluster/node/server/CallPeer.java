package org.llavacluster.node.server;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.SocketAddress;

/**
 * The caller of a gRPC call.
 *
 * @param address as in {@link PeerAddress}
 * @param connection names the connection of the call among those of the address
 */
public record CallPeer(String address, String connection) {

    private static final Context.Key<CallPeer> KEY = Context.keyWithDefault("peer", new CallPeer("unknown", "unknown"));

    /** The peer of the call that the current thread handles. */
    public static CallPeer current() {
        return KEY.get();
    }

    /** Provides handlers with the peer of their call. */
    static final class Interceptor implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            CallPeer peer = new CallPeer(PeerAddress.of(remote), String.valueOf(remote));
            return Contexts.interceptCall(Context.current().withValue(KEY, peer), call, headers, next);
        }
    }
}

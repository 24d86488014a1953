package org.llavacluster.node.membership;

import io.grpc.netty.NettyChannelBuilder;
import org.llavacluster.node.trace.RequestIdForwarder;
import org.llavacluster.node.trace.TraceForwarder;

/** Channels to the cluster's own nodes. */
public final class NodeChannels {

    private NodeChannels() {}

    /**
     * A channel that passes the id and the trace of the current request on. Neither service configurations from DNS nor
     * proxies from the environment apply to it.
     */
    public static NettyChannelBuilder to(String host, int port) {
        return NettyChannelBuilder.forAddress(host, port)
                .usePlaintext()
                .disableServiceConfigLookUp()
                .proxyDetector(_ -> null)
                .intercept(new RequestIdForwarder(), new TraceForwarder());
    }
}

package org.llavacluster.gateway.entrance;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.server.PeerAddress;

/** Handles every accepted connection first: assigns it a place and a guard of its own, or closes it. */
final class AcceptGuard extends ChannelInboundHandlerAdapter {

    private final OpenConnections connections;
    private final EntranceRules rules;
    private final HttpServerOptions options;

    AcceptGuard(OpenConnections connections, EntranceRules rules, HttpServerOptions options) {
        this.connections = connections;
        this.rules = rules;
        this.options = options;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel channel = (Channel) accepted;
        HttpConnectionGuard guard =
                new HttpConnectionGuard(channel, PeerAddress.of(channel.remoteAddress()), rules, options);
        if (connections.add(guard, rules.clock().nanoTime())) {
            channel.pipeline().addFirst("guard", guard);
            channel.closeFuture().addListener(_ -> connections.remove(guard));
            ctx.fireChannelRead(accepted);
        } else {
            rules.refusals().refused(RefusalReason.CONNECTIONS);
            // It has no event loop yet that could close it regularly.
            channel.unsafe().closeForcibly();
        }
    }
}

package org.llavacluster.node.server;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A listening socket that closes what it accepts while as many connections as allowed are open. */
final class CappedServerChannel extends NioServerSocketChannel {

    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    CappedServerChannel(int limit) {
        this.limit = limit;
    }

    /** Accepts one connection; runs on the event loop of this socket alone. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count = super.doReadMessages(accepted);
        if (count > 0) {
            Channel connection = (Channel) accepted.getLast();
            if (open.get() >= limit) {
                accepted.removeLast();
                connection.unsafe().closeForcibly();
            } else {
                open.incrementAndGet();
                connection.closeFuture().addListener(_ -> open.decrementAndGet());
            }
        }
        return count;
    }
}

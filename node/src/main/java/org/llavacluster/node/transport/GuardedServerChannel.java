package org.llavacluster.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.time.Clock;

/** A listening socket whose connections {@link PeerConnections} admits. A refused one is closed at once. */
public final class GuardedServerChannel extends NioServerSocketChannel {

    private static final Logger LOG = Logger.getLogger(GuardedServerChannel.class);

    private final PeerConnections connections;
    private final LogPace pace = new LogPace(Duration.ofSeconds(10));

    public GuardedServerChannel(PeerConnections connections) {
        this.connections = connections;
    }

    /** Accepts one connection; runs on the event loop of this socket only. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int count;
        try {
            count = super.doReadMessages(accepted);
        } catch (IOException e) {
            OptionalLong leftOut = pace.next(Clock.SYSTEM.nanoTime());
            if (leftOut.isPresent()) {
                LOG.errorf(
                        "a connection cannot be accepted: %s; %s",
                        e.getMessage(), FileDescriptors.now().describe());
            }
            throw e;
        }
        if (count > 0) {
            Channel connection = (Channel) accepted.getLast();
            if (!admits(connection)) {
                accepted.removeLast();
                connection.unsafe().closeForcibly();
            }
        }
        return count;
    }

    /** A failure here must cost one connection only: Netty would close the listening socket, and with it the node. */
    private boolean admits(Channel connection) {
        try {
            return connection.remoteAddress() instanceof InetSocketAddress peer && connections.admit(connection, peer);
        } catch (RuntimeException e) {
            LOG.error("a connection was closed because it could not be admitted", e);
            return false;
        }
    }
}

package org.llavacluster.node.transport;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;

/**
 * The open connections of a port: admits new ones, closes those that must give way, and provides calls with their
 * connection.
 */
public final class PeerConnections extends ServerTransportFilter {

    private final ConnectionLimits limits;
    private final RefusalMetrics refusals;
    private final Clock clock;
    private final ConnectionTable<Channel> table;
    private final Map<SocketAddress, Channel> byPeer = new HashMap<>();

    public PeerConnections(ConnectionLimits limits, MeterRegistry metrics, RefusalMetrics refusals, Clock clock) {
        this.limits = limits;
        this.refusals = refusals;
        this.clock = clock;
        this.table = new ConnectionTable<>(limits.room());
        Gauge.builder("llava.grpc.connections", this, PeerConnections::size)
                .description("Open connections of the gRPC port")
                .register(metrics);
    }

    /** Whether an accepted connection may stay, in which case it is watched. */
    boolean admit(Channel connection, InetSocketAddress peer) {
        List<Channel> closed;
        synchronized (this) {
            switch (table.arrive(connection, peer.getAddress())) {
                case ConnectionTable.Arrival.Refused<Channel>() -> {
                    refusals.refused(RefusalReason.CONNECTIONS);
                    return false;
                }
                case ConnectionTable.Arrival.Admitted<Channel>(List<Channel> replaced) -> closed = replaced;
            }
            byPeer.put(peer, connection);
        }
        connection.closeFuture().addListener(_ -> closed(connection, peer));
        connection
                .pipeline()
                .addFirst(new ConnectionGuard(connection, limits, clock, refusals, () -> spoke(connection)));
        closed.forEach(each -> each.pipeline().get(ConnectionGuard.class).giveRoom());
        return true;
    }

    private synchronized void closed(Channel connection, SocketAddress peer) {
        table.closed(connection);
        byPeer.remove(peer, connection);
    }

    private synchronized void spoke(Channel connection) {
        table.spoke(connection);
    }

    private synchronized void calls(Channel connection, int change) {
        if (change > 0) {
            table.callBegan(connection);
        } else {
            table.callEnded(connection);
        }
    }

    private synchronized int size() {
        return table.size();
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        SocketAddress peer = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Channel connection;
        synchronized (this) {
            connection = byPeer.get(peer);
        }
        InetAddress address = ((InetSocketAddress) peer).getAddress();
        return attributes.toBuilder()
                .set(PeerConnection.KEY, new PeerConnection(address, change -> {
                    if (connection != null) {
                        calls(connection, change);
                    }
                }))
                .build();
    }
}

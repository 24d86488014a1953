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
    private final ConnectionTable<ConnectionGuard> table;
    private final Map<SocketAddress, ConnectionGuard> byPeer = new HashMap<>();

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
        ConnectionGuard guard = new ConnectionGuard(connection, limits, clock, refusals, this::spoke);
        List<ConnectionGuard> replaced;
        synchronized (this) {
            switch (table.arrive(guard, peer.getAddress())) {
                case ConnectionTable.Arrival.Refused<ConnectionGuard>() -> {
                    refusals.refused(RefusalReason.CONNECTIONS);
                    return false;
                }
                case ConnectionTable.Arrival.Admitted<ConnectionGuard>(List<ConnectionGuard> closed) ->
                    replaced = closed;
            }
            byPeer.put(peer, guard);
        }
        connection.closeFuture().addListener(_ -> closed(guard, peer));
        connection.pipeline().addFirst(guard);
        replaced.forEach(ConnectionGuard::giveRoom);
        return true;
    }

    private synchronized void closed(ConnectionGuard connection, SocketAddress peer) {
        table.closed(connection);
        byPeer.remove(peer, connection);
    }

    private synchronized void spoke(ConnectionGuard connection) {
        table.spoke(connection);
    }

    private synchronized void calls(ConnectionGuard connection, int change) {
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
        ConnectionGuard connection;
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

package org.llavacluster.node.membership;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * One long-lived connection per member. Calls do not wait for a connection: they fail with UNAVAILABLE at once if the
 * member cannot be reached. Connections to former members are closed when their calls have ended.
 */
public final class ChannelPool implements AutoCloseable {

    /** A lost peer is noticed after interval plus timeout at the latest. The server permits pings every 5 s. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(2);

    /**
     * gRPC waits up to two minutes between connection attempts and offers no setting for it. This bounds the wait for a
     * worker that is up again.
     */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    /**
     * Bytes in flight per stream, which bounds what a stalled reader holds up. Fixed, because gRPC's own tuning goes up
     * to 8 MiB. A larger window made pulls no faster.
     */
    private static final int WINDOW_BYTES = 2 << 20;

    private record Connection(Member member, ManagedChannel channel) {}

    private final Membership membership;
    private final Map<String, Connection> connections = new HashMap<>();
    private final Subscription changes;
    private final ScheduledFuture<?> reconnect;
    private boolean closed;

    public ChannelPool(Membership membership, ScheduledExecutorService timers) {
        this.membership = membership;
        this.changes = membership.onChange(this::closeGone);
        this.reconnect = timers.scheduleWithFixedDelay(
                this::reconnect, RECONNECT.toMillis(), RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The channel to a member. Throws a {@code FailureException} with Unavailable if there is no such member. */
    public ManagedChannel channel(String id) {
        return channel(membership
                .find(id)
                .orElseThrow(() -> new FailureException(
                        new Failure.Unavailable("there is no node '" + id + "' in the cluster at present"))));
    }

    public synchronized ManagedChannel channel(Member member) {
        if (closed) {
            throw new FailureException(new Failure.Unavailable("this node is shutting down"));
        }
        Connection connection = connections.get(member.id());
        if (connection != null && connection.member.equals(member)) {
            return connection.channel;
        }
        if (connection != null) {
            connection.channel.shutdown();
        }
        ManagedChannel channel = open(member);
        connections.put(member.id(), new Connection(member, channel));
        return channel;
    }

    private static ManagedChannel open(Member member) {
        return NodeChannels.to(member.host(), member.port())
                .flowControlWindow(WINDOW_BYTES)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveWithoutCalls(true)
                .build();
    }

    private synchronized void closeGone() {
        Iterator<Connection> each = connections.values().iterator();
        while (each.hasNext()) {
            Connection connection = each.next();
            if (!membership
                    .find(connection.member.id())
                    .filter(connection.member::equals)
                    .isPresent()) {
                connection.channel.shutdown();
                each.remove();
            }
        }
    }

    private synchronized void reconnect() {
        for (Connection connection : connections.values()) {
            if (connection.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
                connection.channel.resetConnectBackoff();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        changes.close();
        reconnect.cancel(false);
        connections.values().forEach(connection -> connection.channel.shutdownNow());
        connections.clear();
    }
}

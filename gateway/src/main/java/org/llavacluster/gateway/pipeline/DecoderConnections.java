package org.llavacluster.gateway.pipeline;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.NodeChannels;

/**
 * Connections to decoders, each used for one answer at a time and kept for the next.
 *
 * <p>Answers do not share a connection, because the unread data of a slow client stays in its call, and HTTP/2 counts
 * it against the window of the whole connection: a few slow clients would stop all others. gRPC has one setting for
 * both windows, so no size of it helps. On a connection of its own, an unread call stops only its own generation, after
 * one small window.
 */
public final class DecoderConnections implements AutoCloseable {

    /** Thousands of tokens, or hundreds with all their alternatives. */
    private static final int WINDOW_BYTES = 64 << 10;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(2);

    /** After this time without a call a connection is closed; the next call opens it again. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Membership membership;

    /** The last used one is taken first, so that the others become idle. */
    private final Map<Member, Deque<ManagedChannel>> free = new HashMap<>();

    private boolean closed;

    public DecoderConnections(Membership membership) {
        this.membership = membership;
    }

    Lease lease(Member decoder) {
        synchronized (this) {
            if (closed) {
                throw new FailureException(new Failure.Unavailable("the gateway is shutting down"));
            }
            Deque<ManagedChannel> channels = free.get(decoder);
            while (channels != null && !channels.isEmpty()) {
                ManagedChannel channel = channels.pop();
                if (usable(channel)) {
                    return new Lease(decoder, channel);
                }
                channel.shutdown();
            }
        }
        return new Lease(decoder, open(decoder));
    }

    /** A connection that failed waits longer with each attempt, while a new one connects at once. */
    private static boolean usable(ManagedChannel channel) {
        ConnectivityState state = channel.getState(false);
        return state == ConnectivityState.READY || state == ConnectivityState.IDLE;
    }

    private static ManagedChannel open(Member decoder) {
        return NodeChannels.to(decoder.host(), decoder.port())
                .flowControlWindow(WINDOW_BYTES)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .idleTimeout(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    private void giveBack(Member decoder, ManagedChannel channel) {
        synchronized (this) {
            closeGone();
            if (!closed && isMember(decoder)) {
                free.computeIfAbsent(decoder, _ -> new ArrayDeque<>()).push(channel);
                return;
            }
        }
        channel.shutdown();
    }

    private boolean isMember(Member decoder) {
        return membership.find(decoder.id()).filter(decoder::equals).isPresent();
    }

    private void closeGone() {
        Iterator<Map.Entry<Member, Deque<ManagedChannel>>> entries =
                free.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Member, Deque<ManagedChannel>> entry = entries.next();
            if (!isMember(entry.getKey())) {
                entry.getValue().forEach(ManagedChannel::shutdown);
                entries.remove();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.values().forEach(channels -> channels.forEach(ManagedChannel::shutdownNow));
        free.clear();
    }

    /**
     * One answer's connection. The first close returns it, after its call has ended or been cancelled; later ones do
     * nothing.
     */
    final class Lease implements AutoCloseable {

        private final Member decoder;
        private final ManagedChannel channel;
        private final AtomicBoolean over = new AtomicBoolean();

        private Lease(Member decoder, ManagedChannel channel) {
            this.decoder = decoder;
            this.channel = channel;
        }

        Channel channel() {
            return channel;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                giveBack(decoder, channel);
            }
        }
    }
}

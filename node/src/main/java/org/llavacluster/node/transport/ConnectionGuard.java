package org.llavacluster.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;

/**
 * Stands before HTTP/2 in the pipeline of a connection: closes one that stays silent and one that floods the server
 * with frames that cost the peer nothing. gRPC itself limits resets and pings alone; what it refuses is counted here.
 */
final class ConnectionGuard extends ChannelDuplexHandler {

    private static final int GOAWAY = 7;
    private static final int NO_ERROR = 0;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final Channel channel;
    private final ConnectionLimits limits;
    private final Clock clock;
    private final RefusalMetrics refusals;
    private final TransportRefusals transport;
    private final Consumer<ConnectionGuard> onSpoken;
    private final FrameFlood flood;
    private final FrameScanner scanner = FrameScanner.withPreface(this::frame);
    private ChannelHandlerContext context;
    private ScheduledFuture<?> handshake;
    private volatile boolean givesRoom;
    private boolean spoken;
    private boolean flooded;
    private boolean closing;

    /** @param onSpoken called once, with this, when the peer has spoken HTTP/2 */
    ConnectionGuard(
            Channel channel,
            ConnectionLimits limits,
            Clock clock,
            RefusalMetrics refusals,
            Consumer<ConnectionGuard> onSpoken) {
        this.channel = channel;
        this.limits = limits;
        this.clock = clock;
        this.refusals = refusals;
        this.transport = new TransportRefusals(refusals);
        this.onSpoken = onSpoken;
        this.flood = new FrameFlood(limits.rates(), clock.nanoTime());
    }

    /**
     * Closes the connection because others need its place. May run on any thread, also before the connection has an
     * event loop: then it closes as soon as it has one, for only its event loop may close it.
     */
    void giveRoom() {
        givesRoom = true;
        if (channel.isRegistered()) {
            channel.eventLoop().execute(this::closeToGiveRoom);
        }
    }

    private void closeToGiveRoom() {
        close(context, RefusalReason.IDLE_CONNECTION, NO_ERROR);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext connection) {
        context = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext connection) {
        handshake = connection
                .executor()
                .schedule(
                        () -> close(connection, RefusalReason.SILENT_CONNECTION, NO_ERROR),
                        limits.handshake().toNanos(),
                        TimeUnit.NANOSECONDS);
        connection.fireChannelActive();
        if (givesRoom) {
            closeToGiveRoom();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext connection) {
        if (handshake != null) {
            handshake.cancel(false);
        }
        connection.fireChannelInactive();
    }

    private boolean frame(int type, int flags, int length) {
        if (!spoken) {
            spoken = true;
            handshake.cancel(false);
            onSpoken.accept(this);
        }
        flooded = !flood.allows(type, flags, length, clock.nanoTime());
        return !flooded;
    }

    @Override
    public void channelRead(ChannelHandlerContext connection, Object message) {
        if (message instanceof ByteBuf bytes) {
            scanner.scan(bytes);
            if (flooded) {
                bytes.release();
                close(connection, RefusalReason.HTTP2_FLOOD, ENHANCE_YOUR_CALM);
                return;
            }
        }
        connection.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext connection, Object message, ChannelPromise done) {
        if (message instanceof ByteBuf bytes) {
            transport.sent(bytes);
        }
        connection.write(message, done);
    }

    /** Sends the reason and closes at once, because HTTP/2's regular way would wait for the rest of the peer's data. */
    private void close(ChannelHandlerContext connection, RefusalReason reason, int error) {
        if (closing) {
            return;
        }
        closing = true;
        refusals.refused(reason);
        ByteBuf goaway = connection.alloc().buffer(FrameScanner.HEAD_BYTES + 8);
        goaway.writeMedium(8).writeByte(GOAWAY).writeByte(0).writeInt(0);
        goaway.writeInt(Integer.MAX_VALUE).writeInt(error);
        connection.writeAndFlush(goaway);
        connection.close();
    }
}

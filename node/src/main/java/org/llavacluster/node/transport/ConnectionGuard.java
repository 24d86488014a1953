package org.llavacluster.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavacluster.node.time.Clock;

/**
 * Stands before HTTP/2 in the pipeline of a connection: closes one that stays silent and one that floods the server
 * with frames that cost the peer nothing. gRPC limits resets and pings itself, no other frames.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {

    /** What happens to a connection from outside. */
    enum Event {
        /** It is closed, because others need its place. */
        GIVE_ROOM
    }

    private static final int GOAWAY = 7;
    private static final int NO_ERROR = 0;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final ConnectionLimits limits;
    private final Clock clock;
    private final Consumer<String> onClose;
    private final Runnable onSpoken;
    private final FrameFlood flood;
    private final FrameScanner scanner = FrameScanner.withPreface(this::frame);
    private ScheduledFuture<?> handshake;
    private boolean spoken;
    private boolean flooded;
    private boolean closing;

    /**
     * @param onClose sees why the connection is closed, as a label of metrics
     * @param onSpoken called once when the peer has spoken HTTP/2
     */
    ConnectionGuard(ConnectionLimits limits, Clock clock, Consumer<String> onClose, Runnable onSpoken) {
        this.limits = limits;
        this.clock = clock;
        this.onClose = onClose;
        this.onSpoken = onSpoken;
        this.flood = new FrameFlood(limits.rates(), clock.nanoTime());
    }

    @Override
    public void channelActive(ChannelHandlerContext connection) {
        handshake = connection
                .executor()
                .schedule(
                        () -> close(connection, "silent", NO_ERROR),
                        limits.handshake().toNanos(),
                        TimeUnit.NANOSECONDS);
        connection.fireChannelActive();
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
            onSpoken.run();
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
                close(connection, "flood", ENHANCE_YOUR_CALM);
                return;
            }
        }
        connection.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext connection, Object event) {
        if (event == Event.GIVE_ROOM) {
            close(connection, "gave room", NO_ERROR);
        } else {
            connection.fireUserEventTriggered(event);
        }
    }

    /** Says why and closes at once: HTTP/2's own way would wait for what the peer has still to say. */
    private void close(ChannelHandlerContext connection, String reason, int error) {
        if (closing) {
            return;
        }
        closing = true;
        onClose.accept(reason);
        ByteBuf goaway = connection.alloc().buffer(FrameScanner.HEAD_BYTES + 8);
        goaway.writeMedium(8).writeByte(GOAWAY).writeByte(0).writeInt(0);
        goaway.writeInt(Integer.MAX_VALUE).writeInt(error);
        connection.writeAndFlush(goaway);
        connection.close();
    }
}

package org.llavacluster.gateway.entrance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.transport.TransportRefusals;

/**
 * The first handler in a connection's pipeline. It lets Vert.x detect the protocol, installs the guard of that
 * protocol, and closes the connection if a request's head takes too long.
 */
final class HttpConnectionGuard extends ChannelDuplexHandler implements OpenConnections.Connection, HeadTimer {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Vert.x's name of the handler that it replaces. */
    private static final String DECODER = "httpDecoder";

    private static final long BUSY = Long.MIN_VALUE;

    private final Channel channel;
    private final String peer;
    private final EntranceRules rules;
    private final HttpServerOptions options;

    private volatile long idleSince;
    private volatile Http2Connection http2;
    private int seen;
    private RequestGuard requests;
    private FrameGuard frames;
    private TransportRefusals transport;
    private ScheduledFuture<?> timer; // while the head of a request is awaited
    private ScheduledFuture<?> idleTimer;

    HttpConnectionGuard(Channel channel, String peer, EntranceRules rules, HttpServerOptions options) {
        this.channel = channel;
        this.peer = peer;
        this.rules = rules;
        this.options = options;
        this.idleSince = rules.clock().nanoTime();
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public Optional<Long> idleSince() {
        Http2Connection streams = http2;
        long since = idleSince;
        return since == BUSY || streams != null && streams.numActiveStreams() > 0
                ? Optional.empty()
                : Optional.of(since);
    }

    @Override
    public void makeRoom() {
        rules.refusals().refused(RefusalReason.IDLE_CONNECTION);
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        headBegins();
        checkIdleAfter(rules.idleTime().toNanos());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        idleTimer.cancel(false);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (requests == null && frames == null) {
            bytes = tellApart(ctx, bytes);
        }
        if (requests != null) {
            requests.bytesCome();
        } else if (frames != null && !frames.take(bytes, rules.clock().nanoTime())) {
            bytes.release();
            sendOff(ctx);
            return;
        }
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise done) {
        if (transport != null && message instanceof ByteBuf bytes) {
            transport.sent(bytes);
        }
        ctx.write(message, done);
    }

    /** Passes on just enough for Vert.x to detect the protocol. The rest is the first input of the protocol's guard. */
    private ByteBuf tellApart(ChannelHandlerContext ctx, ByteBuf bytes) {
        int start = bytes.readerIndex();
        int count = 0;
        boolean preface = true;
        while (count < bytes.readableBytes() && seen < PREFACE.length && preface) {
            preface = bytes.getByte(start + count) == PREFACE[seen];
            count++;
            seen++;
        }
        if (preface && seen < PREFACE.length) {
            return bytes;
        }
        ctx.fireChannelRead(bytes.readRetainedSlice(count));
        if (preface) {
            frames = new FrameGuard(this);
            transport = new TransportRefusals(rules.refusals());
            http2 = ctx.pipeline().get(Http2ConnectionHandler.class).connection();
            http2.addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamClosed(Http2Stream stream) {
                    idleSince = rules.clock().nanoTime();
                }
            });
        } else {
            requests = guardRequests(ctx);
        }
        return bytes;
    }

    private RequestGuard guardRequests(ChannelHandlerContext ctx) {
        RequestGuard guard = new RequestGuard(rules, this);
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(pipeline.context(HttpResponseEncoder.class).name(), "requests", guard);
        pipeline.replace(pipeline.get(HttpRequestDecoder.class), DECODER, new StrictRequestDecoder(options));
        return guard;
    }

    /** Ends the connection because of too many frames without content. */
    private void sendOff(ChannelHandlerContext ctx) {
        rules.refusals().refused(RefusalReason.HTTP2_FLOOD);
        ctx.writeAndFlush(Unpooled.wrappedBuffer(FrameGuard.GOODBYE)).addListener(ChannelFutureListener.CLOSE);
        channel.config().setAutoRead(false);
    }

    @Override
    public void headBegins() {
        if (timer == null) {
            timer = channel.eventLoop().schedule(this::late, rules.headerTime().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void headIsWhole() {
        stop();
    }

    @Override
    public void requests(int underWay) {
        idleSince = underWay > 0 ? BUSY : rules.clock().nanoTime();
    }

    private void checkIdleAfter(long nanos) {
        idleTimer = channel.eventLoop().schedule(this::checkIdle, nanos, TimeUnit.NANOSECONDS);
    }

    /** Closes the connection if it has had no request for the idle time; the head timer ends one that arrives. */
    private void checkIdle() {
        long left = rules.idleTime().toNanos();
        if (timer == null) {
            left -= idleSince().map(since -> rules.clock().nanoTime() - since).orElse(0L);
        }
        if (left > 0) {
            checkIdleAfter(left);
        } else {
            channel.close();
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void late() {
        timer = null;
        rules.refusals().refused(RefusalReason.SLOW_HEADERS);
        if (requests == null) {
            channel.close();
        } else {
            requests.late(rules.headerTime());
        }
    }
}

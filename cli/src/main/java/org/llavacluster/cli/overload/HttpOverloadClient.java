package org.llavacluster.cli.overload;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Requests over HTTP/1.1, one at a time on each connection, on a single thread. It does as little per request as
 * possible, because it shares the machine with what it measures.
 */
final class HttpOverloadClient implements OverloadClient {

    private static final int OK = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final EventLoopGroup threads = new NioEventLoopGroup(1, new DefaultThreadFactory("overload-http", true));
    private final EventLoop thread = threads.next();
    private final Bootstrap bootstrap;
    private final ByteBuf request;

    /** Connections without a request, the last used first; for the thread only. */
    private final ArrayDeque<Exchange> idle = new ArrayDeque<>();

    /**
     * @param base URL of the gateway
     */
    HttpOverloadClient(URI base, int tokens) {
        String body = "{\"max_tokens\":" + tokens + ",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\""
                + OverloadBench.QUESTION + "\"}]}";
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: " + base.getAuthority()
                + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n";
        this.request =
                Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer((head + body).getBytes(StandardCharsets.US_ASCII)));
        this.bootstrap = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .remoteAddress(base.getHost(), base.getPort())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(), new Exchange());
                    }
                });
    }

    @Override
    public CompletableFuture<RequestEnd> send() {
        CompletableFuture<RequestEnd> ended = new CompletableFuture<>();
        thread.execute(() -> {
            Exchange known = idle.poll();
            if (known != null) {
                known.begin(ended);
            } else {
                bootstrap.connect().addListener((ChannelFuture connected) -> begin(connected, ended));
            }
        });
        return ended;
    }

    private static void begin(ChannelFuture connected, CompletableFuture<RequestEnd> ended) {
        if (connected.isSuccess()) {
            connected.channel().pipeline().get(Exchange.class).begin(ended);
        } else {
            ended.complete(new RequestEnd.Failed(
                    "HTTP: no connection: " + connected.cause().getMessage()));
        }
    }

    private static RequestEnd end(int status) {
        return switch (status) {
            case OK -> new RequestEnd.Answered();
            case TOO_MANY_REQUESTS, UNAVAILABLE -> new RequestEnd.Refused();
            default -> new RequestEnd.Failed("HTTP: status " + status);
        };
    }

    /** A connection and the request that it carries. */
    private final class Exchange extends SimpleChannelInboundHandler<HttpObject> {

        private Channel channel;
        /** Null between two requests. */
        private CompletableFuture<RequestEnd> ended;

        private int status;
        private boolean kept;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        void begin(CompletableFuture<RequestEnd> next) {
            ended = next;
            channel.writeAndFlush(request.duplicate());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse response) {
                status = response.status().code();
                kept = HttpUtil.isKeepAlive(response);
            }
            if (part instanceof LastHttpContent && ended != null) {
                finish(HttpOverloadClient.end(status));
                if (kept) {
                    idle.push(this);
                } else {
                    channel.close();
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            idle.remove(this);
            finish(new RequestEnd.Failed("HTTP: the connection closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            channel.close();
        }

        private void finish(RequestEnd end) {
            CompletableFuture<RequestEnd> current = ended;
            ended = null;
            if (current != null) {
                current.complete(end);
            }
        }
    }

    @Override
    public void close() {
        var unused = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

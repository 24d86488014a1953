package org.llavacluster.gateway.entrance;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.gateway.openai.RefusalBody;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.trace.RequestId;

/**
 * The handler between the decoder and Vert.x for HTTP/1. It checks the head of each request and counts requests and
 * answers. It answers refused requests itself, after the answers to earlier ones.
 */
final class RequestGuard extends ChannelDuplexHandler {

    private final EntranceRules rules;
    private final HeadTimer timer;

    private ChannelHandlerContext ctx;

    /** Requests whose answer is not complete. */
    private int unanswered;

    /** Whether part of the answer to the oldest of them was written. */
    private boolean answering;

    /** Whether the body of the newest one is still arriving. */
    private boolean receiving;

    /** Whether nothing more is read from this connection. */
    private boolean over;

    /** Waits for the answers before it. */
    private FullHttpResponse last;

    /** Whether the last answer was written; further writes of Vert.x are dropped. */
    private boolean closing;

    RequestGuard(EntranceRules rules, HeadTimer timer) {
        this.rules = rules;
        this.timer = timer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ReferenceCountUtil.release(last);
        last = null;
    }

    /** Bytes are about to be decoded. */
    void bytesCome() {
        if (!receiving && !over) {
            timer.headBegins();
        }
    }

    /** The head of a request is not complete in time. */
    void late(Duration time) {
        refuse(
                HttpRefusal.slow(
                        RefusalReason.SLOW_HEADERS, "the headers did not come within " + time.toMillis() + " ms"),
                null);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            timer.headIsWhole();
            Optional<HttpRefusal> refusal = unanswered >= EntranceRules.MAX_PIPELINED
                    ? Optional.of(HttpRefusal.malformed("too many requests wait for their answers on this connection"))
                    : RequestHeads.check(request);
            if (refusal.isPresent()) {
                rules.refusals().refused(refusal.get().reason());
                refuse(refusal.get(), request);
                ReferenceCountUtil.release(message);
                return;
            }
            begin(request);
        } else if (message instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            HttpRefusal refusal = HttpRefusal.malformed("the body is not well-formed chunked encoding");
            rules.refusals().refused(refusal.reason());
            breakOff(refusal);
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof LastHttpContent) {
            receiving = false;
        }
        context.fireChannelRead(message);
    }

    private void begin(HttpRequest request) {
        receiving = true;
        unanswered++;
        timer.requests(unanswered);
        HttpHeaders headers = request.headers();
        // A server may ignore the offer of an upgrade to HTTP/2 (RFC 9110, section 7.8), which HTTP/2's RFC has
        // withdrawn.
        headers.remove(HttpHeaderNames.UPGRADE);
        headers.remove("HTTP2-Settings");
        if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, "");
        }
    }

    /**
     * The body of the newest request cannot be read further. The error is its own answer, unless that has begun or
     * earlier answers are missing.
     */
    private void breakOff(HttpRefusal refusal) {
        if (answering || unanswered != 1) {
            over = true;
            ctx.close();
            return;
        }
        unanswered = 0;
        refuse(refusal, null);
    }

    private void refuse(HttpRefusal refusal, HttpRequest request) {
        over = true;
        String id = RequestId.of(request == null ? null : request.headers().get(RequestId.HEADER));
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(refusal.status()),
                Unpooled.wrappedBuffer(RefusalBody.of(refusal)));
        refusal.headers().forEach(answer.headers()::set);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, "close")
                .set(RequestId.HEADER, id);
        if (unanswered == 0) {
            send(answer);
        } else {
            last = answer;
        }
    }

    private void send(FullHttpResponse answer) {
        closing = true;
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (closing) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse) {
            answering = !interim;
        }
        context.write(message, promise);
        if (message instanceof LastHttpContent && !interim) {
            answering = false;
            unanswered = Math.max(0, unanswered - 1);
            timer.requests(unanswered);
            if (unanswered == 0 && last != null) {
                FullHttpResponse answer = last;
                last = null;
                send(answer);
            }
        }
    }
}

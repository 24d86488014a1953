package org.llavacluster.gateway.openai;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * The rest of a refused body: discarded for a while, so that a client that writes before it reads can see the reason,
 * and cut off afterwards.
 */
final class UnreadBody {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** HTTP/2: the stream is not needed any more, which is not an error (RFC 9113, section 8.1). */
    private static final long NO_ERROR = 0;

    private final HttpServerRequest request;
    private final long maxBytes;
    private long bytes;

    private UnreadBody(HttpServerRequest request, long maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /**
     * @param maxBytes most bytes that are discarded
     */
    static void discard(Vertx vertx, HttpServerRequest request, long maxBytes) {
        if (request.isEnded()) {
            return;
        }
        UnreadBody unread = new UnreadBody(request, maxBytes);
        long timer = vertx.setTimer(LONGEST.toMillis(), _ -> unread.cut());
        request.handler(unread::count);
        request.endHandler(_ -> vertx.cancelTimer(timer));
        request.exceptionHandler(_ -> vertx.cancelTimer(timer));
        request.resume();
    }

    /** HTTP/1: whether a new connection is cheaper than reading the rest of the body. */
    static boolean endsConnection(HttpServerRequest request, long usualBytes) {
        return request.version() != HttpVersion.HTTP_2
                && (BodyRules.expectsContinue(request)
                        || BodyRules.announced(request) > usualBytes
                        || request.headers().contains("transfer-encoding"));
    }

    private void count(Buffer piece) {
        bytes += piece.length();
        if (bytes > maxBytes) {
            cut();
        }
    }

    private void cut() {
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }
}

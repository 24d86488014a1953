package org.llavacluster.gateway.openai;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * What still comes of a body that was refused: let through to nowhere for a while, so that a client that does not read before it has
 * written gets to see why, and cut off after that.
 */
final class UnreadBody {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** HTTP/2: the stream is not needed any more, which is no error (RFC 9113, section 8.1). */
    private static final long NO_ERROR = 0;

    private final HttpServerRequest request;
    private final long maxBytes;
    private long bytes;

    private UnreadBody(HttpServerRequest request, long maxBytes) {
        this.request = request;
        this.maxBytes = maxBytes;
    }

    /** @param maxBytes after which no more is taken */
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

    /** HTTP/1: whether it is better to begin anew with another connection than to read what is left on this one. */
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

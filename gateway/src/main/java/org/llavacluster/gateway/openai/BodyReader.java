package org.llavacluster.gateway.openai;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Reads one body whole, within its limit and out of the budget that all bodies share. A body that says beforehand that it is too large
 * is refused before any of it is kept; what still comes of a refused one is let through to nowhere, so that the client, which may not
 * read before it has written, gets to see why. All on the request's event loop.
 */
final class BodyReader {

    /** The body, its JSON text and the images decoded from it are in memory together. */
    private static final int COPIES = 3;

    /** For the whole body: the largest one in that time needs a line of 9 Mbit/s. */
    private static final Duration MAX_TIME = Duration.ofSeconds(60);

    private final HttpServerRequest request;
    private final int maxBytes;
    private final Consumer<Body> onBody;
    private final Consumer<Failure> onFailure;
    private final ByteBudget.Reservation reservation;
    private final Buffer body = Buffer.buffer();

    private long reserved;
    private boolean over;

    private BodyReader(
            HttpServerRequest request,
            int maxBytes,
            ByteBudget budget,
            Consumer<Body> onBody,
            Consumer<Failure> onFailure) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.onBody = onBody;
        this.onFailure = onFailure;
        this.reservation = budget.reserve(0);
    }

    /** Calls one of the two once, or neither where the client goes away first. */
    static void read(
            Vertx vertx,
            HttpServerRequest request,
            int maxBytes,
            ByteBudget budget,
            Consumer<Body> onBody,
            Consumer<Failure> onFailure) {
        BodyReader reader = new BodyReader(request, maxBytes, budget, onBody, onFailure);
        long timer = vertx.setTimer(MAX_TIME.toMillis(), id -> reader.late());
        reader.expect(announced(request));
        request.handler(reader::take);
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            reader.complete();
        });
        request.exceptionHandler(gone -> {
            vertx.cancelTimer(timer);
            reader.abandon();
        });
        request.resume();
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // The transport refuses such a request itself; nothing is known beforehand then.
            return 0;
        }
    }

    /** Sets memory aside for a body of so many bytes, if that is more than there is. */
    private void expect(long bytes) {
        if (bytes > maxBytes) {
            fail(new Failure.TooLarge(
                    "body",
                    "body is limited to " + maxBytes + " bytes, given "
                            + (request.getHeader(HttpHeaders.CONTENT_LENGTH) == null ? "more" : bytes)));
            return;
        }
        if (bytes <= reserved) {
            return;
        }
        try {
            reservation.grow(COPIES * (bytes - reserved));
            reserved = bytes;
        } catch (FailureException e) {
            fail(e.failure());
        }
    }

    private void take(Buffer piece) {
        if (!over) {
            expect((long) body.length() + piece.length());
        }
        if (!over) {
            body.appendBuffer(piece);
        }
    }

    private void complete() {
        if (!over) {
            over = true;
            onBody.accept(new Body(body.getBytes(), reservation));
        }
    }

    private void late() {
        if (!over) {
            fail(new Failure.Expired("the body did not come within " + MAX_TIME.toSeconds() + " s"));
        }
        request.connection().close();
    }

    private void fail(Failure failure) {
        abandon();
        onFailure.accept(failure);
    }

    private void abandon() {
        if (!over) {
            over = true;
            reservation.close();
        }
    }
}

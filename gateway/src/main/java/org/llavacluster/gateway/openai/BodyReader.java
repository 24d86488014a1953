package org.llavacluster.gateway.openai;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavacluster.gateway.admission.Arrivals;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;

/**
 * Reads one whole body within its limit, in time and with memory for the received bytes. Runs on the request's event
 * loop. Ends with one call of one of the two consumers, or with none if the client leaves first.
 */
final class BodyReader {

    /** The body, its JSON text and the images decoded from it are in memory together. */
    static final int COPIES = 3;

    private final Vertx vertx;
    private final Context loop;
    private final HttpServerRequest request;
    private final int maxBytes;
    private final Clock clock;
    private final Consumer<Body> onBody;
    private final Consumer<HttpRefusal> onRefused;
    private final Buffer body = Buffer.buffer();

    private Arrivals.Arrival arrival;
    private long timer;
    private boolean over;

    private BodyReader(
            Vertx vertx,
            HttpServerRequest request,
            int maxBytes,
            Clock clock,
            Consumer<Body> onBody,
            Consumer<HttpRefusal> onRefused) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.request = request;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.onBody = onBody;
        this.onRefused = onRefused;
    }

    static void read(
            Vertx vertx,
            HttpServerRequest request,
            int maxBytes,
            Arrivals arrivals,
            String peer,
            Clock clock,
            Consumer<Body> onBody,
            Consumer<HttpRefusal> onRefused) {
        new BodyReader(vertx, request, maxBytes, clock, onBody, onRefused).begin(arrivals, peer);
    }

    private void begin(Arrivals arrivals, String peer) {
        try {
            arrival = arrivals.begin(
                    peer, clock.nanoTime(), lost -> loop.runOnContext(_ -> refuse(RefusalReason.DISPLACED, lost)));
        } catch (FailureException e) {
            over = true;
            onRefused.accept(HttpRefusal.of(RefusalReason.ARRIVALS, e.failure()));
            return;
        }
        await();
        request.handler(this::take);
        request.endHandler(_ -> complete());
        request.exceptionHandler(_ -> stop());
        if (BodyRules.expectsContinue(request)) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private void await() {
        long millis = 1 + arrival.untilNextCheck(clock.nanoTime()).toMillis();
        timer = vertx.setTimer(millis, _ -> check());
    }

    private void check() {
        if (over) {
            return;
        }
        Optional<Failure> late = arrival.check(clock.nanoTime());
        if (late.isPresent()) {
            refuse(HttpRefusal.slow(RefusalReason.SLOW_BODY, late.get().message()));
        } else {
            await();
        }
    }

    private void take(Buffer piece) {
        if (over) {
            return;
        }
        if (piece.length() > maxBytes - body.length()) {
            refuse(RefusalReason.BODY_TOO_LARGE, BodyRules.tooLarge(maxBytes, "more"));
            return;
        }
        try {
            arrival.came(piece.length(), (long) COPIES * piece.length());
        } catch (FailureException e) {
            refuse(RefusalReason.MEMORY, e.failure());
            return;
        }
        body.appendBuffer(piece);
    }

    private void complete() {
        if (over) {
            return;
        }
        Optional<ByteBudget.Reservation> memory = arrival.whole();
        // Without it the body was displaced, and the notification will follow.
        memory.ifPresent(reservation -> {
            end();
            onBody.accept(new Body(body.getBytes(), BodyRules.isGzip(request), maxBytes, reservation));
        });
    }

    private void refuse(RefusalReason reason, Failure failure) {
        refuse(HttpRefusal.of(reason, failure));
    }

    private void refuse(HttpRefusal refusal) {
        if (!over) {
            stop();
            onRefused.accept(refusal);
        }
    }

    private void stop() {
        if (!over) {
            end();
            arrival.close();
        }
    }

    private void end() {
        over = true;
        vertx.cancelTimer(timer);
    }
}

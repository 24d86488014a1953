package org.llavacluster.gateway.openai;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.llavacluster.gateway.api.PublicApi;
import org.llavacluster.gateway.pipeline.RequestScope;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * OpenAI's API over HTTP: {@code POST /v1/chat/completions}, {@code GET /v1/models} and {@code GET /v1/models/ID}. Directly on the
 * HTTP server's router, which gives what a stream needs: the client's pace, its disconnecting, and bodies before they are read.
 */
public final class OpenAiRoutes {

    /** How long the caller gives the request, in milliseconds. */
    static final String TIMEOUT_HEADER = "x-llava-timeout-ms";

    /** Bytes of an answer that may wait for a client that does not read. */
    private static final int MAX_UNSENT_BYTES = 64 << 10;

    private final Supplier<Optional<PublicApi>> gateway;
    private final Vertx vertx;
    private final CompletionJson json;
    private final HttpReply reply;

    /** @param gateway empty until the process serves */
    public OpenAiRoutes(Supplier<Optional<PublicApi>> gateway, Vertx vertx) {
        this.gateway = gateway;
        this.vertx = vertx;
        this.json = new CompletionJson();
        this.reply = new HttpReply(json);
    }

    public void addTo(Router router) {
        router.route(HttpMethod.POST, "/v1/chat/completions").handler(this::complete);
        router.route(HttpMethod.GET, "/v1/models").handler(this::models);
        router.route(HttpMethod.GET, "/v1/models/:id").handler(this::model);
        router.route("/v1/*").handler(context -> {
            context.request().resume();
            reply.fail(
                    context.response(),
                    new Failure.NotFound("no such method and path: there are POST /v1/chat/completions, GET /v1/models "
                            + "and GET /v1/models/ID"));
        });
    }

    private void complete(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        Optional<PublicApi> serving = gateway.get();
        if (serving.isEmpty()) {
            refuse(context, starting());
            return;
        }
        PublicApi api = serving.get();
        Optional<Failure> closed = api.calls().enter();
        if (closed.isPresent()) {
            refuse(context, closed.get());
            return;
        }
        // Told exactly once that an exchange is over, however it ends.
        context.addEndHandler(over -> api.calls().leave());
        Optional<Duration> asked;
        try {
            asked = askedTime(request);
        } catch (FailureException e) {
            refuse(context, e.failure());
            return;
        }
        RequestScope scope = api.chat().arrive(asked);
        context.addEndHandler(over -> {
            if (over.failed()) {
                scope.cancel();
            }
        });
        response.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
        BodyReader.read(
                vertx,
                request,
                api.maxBodyBytes(),
                api.budget(),
                body -> start(api, scope, response, body),
                failure -> reply.fail(response, failure));
    }

    /** Without its body having been read: what comes of it goes nowhere. */
    private void refuse(RoutingContext context, Failure failure) {
        context.request().resume();
        reply.fail(context.response(), failure);
    }

    private void start(PublicApi api, RequestScope scope, HttpServerResponse response, Body body) {
        CompletionAnswer answer =
                new CompletionAnswer(response, body, json, reply, api.clock().epochMillis() / 1000);
        response.drainHandler(drained -> scope.wake());
        api.chat().start(scope, answer::draft, answer);
    }

    private static Optional<Duration> askedTime(HttpServerRequest request) {
        String millis = request.getHeader(TIMEOUT_HEADER);
        if (millis == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofMillis(Long.parseLong(millis)));
        } catch (NumberFormatException e) {
            throw new FailureException(
                    new Failure.Invalid(TIMEOUT_HEADER, TIMEOUT_HEADER + " must be a whole number of milliseconds"));
        }
    }

    private void models(RoutingContext context) {
        context.request().resume();
        gateway.get()
                .ifPresentOrElse(
                        api -> reply.answer(context.response(), new Wire.ModelList("list", List.of(describe(api)))),
                        () -> reply.fail(context.response(), starting()));
    }

    private void model(RoutingContext context) {
        context.request().resume();
        Optional<PublicApi> serving = gateway.get();
        if (serving.isEmpty()) {
            reply.fail(context.response(), starting());
        } else if (serving.get().model().name().equals(context.pathParam("id"))) {
            reply.answer(context.response(), describe(serving.get()));
        } else {
            reply.fail(context.response(), serving.get().parser().unknownModel());
        }
    }

    private static Wire.Model describe(PublicApi api) {
        return new Wire.Model(api.model().name(), "model", api.startedAt(), "llava-cluster");
    }

    private static Failure starting() {
        return new Failure.Unavailable("the gateway is starting");
    }
}

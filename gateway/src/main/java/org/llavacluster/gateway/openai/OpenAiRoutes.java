package org.llavacluster.gateway.openai;

import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.llavacluster.gateway.api.PublicApi;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.gateway.pipeline.RequestLog;
import org.llavacluster.gateway.pipeline.RequestOwner;
import org.llavacluster.gateway.pipeline.RequestScope;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.server.PeerAddress;
import org.llavacluster.node.server.ProbePaths;
import org.llavacluster.proto.v1.LlavaGrpc;

/**
 * OpenAI's API over HTTP: {@code POST /v1/chat/completions}, {@code GET /v1/models} and {@code GET /v1/models/ID}. It
 * uses the HTTP server's router directly, which provides what a stream needs: the client's pace, its disconnection, and
 * bodies before they are read.
 *
 * <p>Everything here runs on the event loops, which only read, refuse and write. A request is refused there before its
 * body is read, and a complete one continues on a thread of its own.
 */
public final class OpenAiRoutes {

    /** The caller's time limit for the request in milliseconds. */
    static final String TIMEOUT_HEADER = "x-llava-timeout-ms";

    /** The priority of the request among those of its tenant. */
    static final String PRIORITY_HEADER = "x-llava-priority";

    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";
    private static final String VERSION = "/v1";

    /** Most bytes of an answer that wait for a client that does not read. */
    private static final int MAX_UNSENT_BYTES = FixedLimits.UNSENT_BYTES.intValue();

    /** Reading a refused body of this size is cheaper than opening a connection. */
    private static final int USUAL_BODY_BYTES = 1 << 20;

    private final Supplier<Optional<PublicApi>> gateway;
    private final HttpConfiguration configuration;
    private final RefusalMetrics refusals;
    private final Vertx vertx;
    private final CompletionJson json;
    private final HttpReply reply;
    private final RequestLog log;

    /**
     * @param gateway empty until the process serves
     */
    public OpenAiRoutes(
            Supplier<Optional<PublicApi>> gateway,
            HttpConfiguration configuration,
            RefusalMetrics refusals,
            Vertx vertx) {
        this.gateway = gateway;
        this.configuration = configuration;
        this.refusals = refusals;
        this.vertx = vertx;
        this.json = new CompletionJson();
        this.reply = new HttpReply(json);
        this.log = new RequestLog(configuration.logRequests());
    }

    public void addTo(Router router) {
        new EveryAnswer(configuration, this::endsConnections).addTo(router);
        add(router, COMPLETIONS, Map.of(HttpMethod.POST, this::complete));
        add(router, MODELS, Map.of(HttpMethod.GET, this::models, HttpMethod.HEAD, this::models));
        add(router, MODELS + "/*", Map.of(HttpMethod.GET, this::model, HttpMethod.HEAD, this::model));
        router.route().last().handler(this::unknown);
    }

    private boolean endsConnections() {
        return gateway.get().map(api -> api.calls().endsConnections()).orElse(false);
    }

    /** Handles one method of a path. */
    private interface Exchange {
        void handle(RoutingContext context);
    }

    private void add(Router router, String path, Map<HttpMethod, Exchange> exchanges) {
        Map<String, Exchange> byName = new TreeMap<>();
        exchanges.forEach((method, exchange) -> byName.put(method.name(), exchange));
        Set<String> names = byName.keySet();
        String allowed = names.stream().collect(Collectors.joining(", ")) + ", OPTIONS";
        router.route(path).handler(context -> {
            String method = context.request().method().name();
            Exchange exchange = byName.get(method);
            if (exchange != null) {
                exchange.handle(context);
            } else if (method.equals("OPTIONS")) {
                context.request().resume();
                context.response()
                        .setStatusCode(204)
                        .putHeader("allow", allowed)
                        .end();
            } else {
                refuse(context, HttpRefusal.wrongMethod(allowed));
            }
        });
    }

    private void unknown(RoutingContext context) {
        String path = context.normalizedPath();
        if (ProbePaths.PATHS.contains(path)) {
            refuse(context, HttpRefusal.wrongMethod("GET, HEAD"));
            return;
        }
        boolean versionMissing = path.equals(COMPLETIONS.substring(VERSION.length()))
                || path.equals(MODELS.substring(VERSION.length()))
                || path.startsWith(MODELS.substring(VERSION.length()) + "/");
        String hint = versionMissing
                ? "the path needs /v1 in front: set the client's base URL to http://HOST:PORT/v1"
                : "there are POST /v1/chat/completions, GET /v1/models, GET /v1/models/ID, GET /health and GET"
                        + " /metrics";
        refuse(context, HttpRefusal.unknownPath("no such path: " + hint));
    }

    private void complete(RoutingContext context) {
        HttpServerRequest request = context.request();
        Optional<PublicApi> serving = gateway.get();
        if (serving.isEmpty()) {
            refuse(context, HttpRefusal.of(RefusalReason.STARTING, starting()));
            return;
        }
        PublicApi api = serving.get();
        SpanContext call = HttpTrace.begin(api.tracing(), context, COMPLETIONS);
        Optional<HttpRefusal> refused = full(api).or(() -> BodyRules.check(request, api.maxBodyBytes()));
        if (refused.isPresent()) {
            refuse(context, refused.get());
            return;
        }
        RequestScope scope;
        OptionalLong priority;
        try {
            String tenant = api.tenants().tenant(api.tenants().name().map(request::getHeader));
            priority = whole(request, PRIORITY_HEADER, "a whole number");
            scope = api.chat()
                    .arrive(
                            EveryAnswer.requestId(context),
                            new RequestOwner(peer(request), tenant),
                            askedTime(request),
                            call);
        } catch (FailureException e) {
            refuse(context, HttpRefusal.of(RefusalReason.INVALID, e.failure()));
            return;
        }
        context.addEndHandler(over -> {
            if (over.failed()) {
                scope.cancel();
            }
        });
        context.response().setWriteQueueMaxSize(MAX_UNSENT_BYTES);
        BodyReader.read(
                vertx,
                request,
                api.maxBodyBytes(),
                api.arrivals(),
                peer(request),
                api.clock(),
                body -> whole(context, api, scope, priority, body),
                refusal -> refuse(context, refusal));
    }

    /** Refuses a request early for a reason that would also refuse it when complete. */
    private static Optional<HttpRefusal> full(PublicApi api) {
        return api.calls().closed(LlavaGrpc.getChatMethod().getFullMethodName()).map(HttpRefusal::of);
    }

    /** A request enters the gate of calls only when complete, so that incomplete ones take no place. */
    private void whole(RoutingContext context, PublicApi api, RequestScope scope, OptionalLong priority, Body body) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            body.release();
            return;
        }
        Optional<HttpRefusal> closed = api.calls().enter().map(HttpRefusal::of);
        if (closed.isPresent()) {
            body.release();
            refuse(context, closed.get());
            return;
        }
        // Called exactly once when an exchange ends, in whatever way.
        context.addEndHandler(over -> api.calls().leave());
        CompletionAnswer answer = new CompletionAnswer(
                response, body, json, reply, refusals, api.clock().epochMillis() / 1000);
        response.drainHandler(drained -> scope.wake());
        api.chat().start(scope, () -> answer.draft().withPriority(priority), answer);
    }

    /** The rest of the body is discarded. */
    private void refuse(RoutingContext context, HttpRefusal refusal) {
        HttpServerRequest request = context.request();
        refusals.refused(refusal.reason());
        log.refused(
                EveryAnswer.requestId(context),
                refusal.status(),
                refusal.reason().label());
        if (!request.isEnded()
                && UnreadBody.endsConnection(request, USUAL_BODY_BYTES)
                && !context.response().headWritten()) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        reply.refuse(context.response(), refusal);
        UnreadBody.discard(vertx, request, 2L * maxBodyBytes());
    }

    private long maxBodyBytes() {
        return gateway.get().map(PublicApi::maxBodyBytes).orElse(USUAL_BODY_BYTES);
    }

    private static String peer(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        return address == null ? "local" : PeerAddress.of(InetAddress.ofLiteral(address));
    }

    private static Optional<Duration> askedTime(HttpServerRequest request) {
        OptionalLong millis = whole(request, TIMEOUT_HEADER, "a whole number of milliseconds");
        return millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty();
    }

    private static OptionalLong whole(HttpServerRequest request, String header, String what) {
        String value = request.getHeader(header);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw new FailureException(new Failure.Invalid(header, header + " must be " + what));
        }
    }

    private void models(RoutingContext context) {
        context.request().resume();
        gateway.get()
                .ifPresentOrElse(
                        api -> reply.describe(context.request(), new Wire.ModelList("list", List.of(describe(api)))),
                        () -> reply.fail(context.response(), starting()));
    }

    private void model(RoutingContext context) {
        context.request().resume();
        Optional<PublicApi> serving = gateway.get();
        if (serving.isEmpty()) {
            reply.fail(context.response(), starting());
        } else if (serving.get().model().name().equals(modelName(context))) {
            reply.describe(context.request(), describe(serving.get()));
        } else {
            reply.fail(context.response(), serving.get().parser().unknownModel());
        }
    }

    /** The rest of the path, because names of models may contain slashes. */
    private static String modelName(RoutingContext context) {
        String rest = context.normalizedPath().substring(MODELS.length() + 1);
        return URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Wire.Model describe(PublicApi api) {
        return new Wire.Model(
                api.model().name(),
                "model",
                api.startedAt(),
                "llava-cluster",
                api.parser().contextTokens());
    }

    private static Failure starting() {
        return new Failure.Unavailable("the gateway is starting");
    }
}

package org.llavacluster.gateway.openai;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.RequestId;

/**
 * Adds to every answer of the HTTP port, including errors and probes, the request's id and the CORS headers, and ends
 * its connection if the process will end.
 */
final class EveryAnswer {

    private static final String ID = "llava.request-id";

    /** Before all other routes, including Quarkus's. */
    private static final int FIRST = Integer.MIN_VALUE;

    private static final int PREFLIGHT_SECONDS = 600;

    private final HttpConfiguration configuration;
    private final BooleanSupplier endsConnections;
    private final CorsHandler cors;

    EveryAnswer(HttpConfiguration configuration, BooleanSupplier endsConnections) {
        this.configuration = configuration;
        this.endsConnections = endsConnections;
        this.cors = CorsHandler.create()
                .addOrigins(List.copyOf(configuration.corsOrigins()))
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST))
                .exposedHeaders(Set.of(
                        RequestId.HEADER,
                        CallTrace.ANSWERED,
                        "x-llava-seed",
                        "x-llava-deadline-ms",
                        "retry-after",
                        "retry-after-ms"))
                .maxAgeSeconds(PREFLIGHT_SECONDS);
    }

    void addTo(Router router) {
        router.route().order(FIRST).handler(this::identify);
        if (!configuration.corsOrigins().isEmpty()) {
            router.route().order(FIRST + 1).handler(this::share);
        }
    }

    /** The id of the request. */
    static String requestId(RoutingContext context) {
        return context.get(ID);
    }

    /** A path that is an alias of one of Quarkus's paths is routed twice, the second time without headers. */
    private void identify(RoutingContext context) {
        if (requestId(context) == null) {
            context.put(ID, RequestId.of(context.request().getHeader(RequestId.HEADER)));
            context.addHeadersEndHandler(ended -> endConnection(context));
        }
        context.response().putHeader(RequestId.HEADER, requestId(context));
        context.next();
    }

    /** When the head of the answer is written, which may be long after the request came. HTTP/2 has no such header. */
    private void endConnection(RoutingContext context) {
        if (endsConnections.getAsBoolean() && context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** Pages of other origins get no CORS headers, so their browser withholds the answer. */
    private void share(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin == null || configuration.allowsOrigin(origin)) {
            cors.handle(context);
        } else {
            context.response().putHeader("vary", "origin");
            context.next();
        }
    }
}

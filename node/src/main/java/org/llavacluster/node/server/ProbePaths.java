package org.llavacluster.node.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Health and metrics of every process at the usual paths of probes and scrapers, in addition to Quarkus's paths under
 * /q.
 */
@ApplicationScoped
public class ProbePaths {

    /** The paths, which take GET and HEAD. */
    public static final List<String> PATHS =
            List.of("/health", "/health/live", "/health/ready", "/health/started", "/metrics");

    private static final String QUARKUS_METRICS = "/q/metrics";
    private static final int BEFORE_QUARKUS = -1;

    void add(@Observes Router router) {
        router.route(QUARKUS_METRICS).order(BEFORE_QUARKUS).handler(ProbePaths::chooseFormat);
        PATHS.forEach(path -> router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> context.reroute(context.request().method(), "/q" + path)));
    }

    /**
     * Quarkus's handler knows OpenMetrics only by its exact type, and refuses Accept headers that name it otherwise.
     */
    private static void chooseFormat(RoutingContext context) {
        MultiMap headers = context.request().headers();
        MetricsFormat.preferred(headers.getAll(HttpHeaders.ACCEPT))
                .ifPresent(format -> headers.set(HttpHeaders.ACCEPT, format.written()));
        context.next();
    }
}

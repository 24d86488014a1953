package org.llavacluster.node.server;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Health and metrics of every process at the usual paths of probes and scrapers, in addition to Quarkus's paths under
 * /q.
 */
@ApplicationScoped
class ProbePaths {

    private static final List<String> PATHS =
            List.of("/health", "/health/live", "/health/ready", "/health/started", "/metrics");

    void add(@Observes Router router) {
        PATHS.forEach(path -> router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> context.reroute(context.request().method(), "/q" + path)));
    }
}

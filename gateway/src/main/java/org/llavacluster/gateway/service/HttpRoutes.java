package org.llavacluster.gateway.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.llavacluster.gateway.openai.OpenAiRoutes;
import org.llavacluster.node.metrics.RefusalMetrics;

/** Adds the OpenAI API to the HTTP port that Quarkus opens. */
@ApplicationScoped
class HttpRoutes {

    void add(
            @Observes Router router,
            Vertx vertx,
            GatewayApplication application,
            HttpSettings settings,
            MeterRegistry metrics) {
        new OpenAiRoutes(application::api, settings.read(), new RefusalMetrics(metrics), vertx).addTo(router);
    }
}

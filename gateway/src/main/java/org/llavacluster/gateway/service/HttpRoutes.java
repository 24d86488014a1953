package org.llavacluster.gateway.service;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.llavacluster.gateway.openai.OpenAiRoutes;

/** Puts the OpenAI API on the HTTP port that Quarkus opens. */
@ApplicationScoped
class HttpRoutes {

    void add(@Observes Router router, Vertx vertx, GatewayApplication application) {
        new OpenAiRoutes(application::api, vertx).addTo(router);
    }
}

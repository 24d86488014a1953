package org.llavacluster.gateway.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.llavacluster.gateway.entrance.EntranceTransport;
import org.llavacluster.node.metrics.RefusalMetrics;

/** Options of the HTTP port that Quarkus does not have. */
@ApplicationScoped
public class HttpPort implements HttpServerOptionsCustomizer {

    private final Vertx vertx;
    private final HttpSettings settings;
    private final MeterRegistry metrics;

    @Inject
    public HttpPort(Vertx vertx, HttpSettings settings, MeterRegistry metrics) {
        this.vertx = vertx;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        EntranceTransport.guard(vertx, options, settings.read(), new RefusalMetrics(metrics));
    }
}

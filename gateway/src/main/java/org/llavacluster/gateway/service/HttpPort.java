package org.llavacluster.gateway.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.gateway.entrance.EntranceTransport;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.metrics.RefusalMetrics;

/** The options of the HTTP port that are not Quarkus's own. */
@ApplicationScoped
public class HttpPort implements HttpServerOptionsCustomizer {

    private final Vertx vertx;
    private final Config config;
    private final MeterRegistry metrics;

    @Inject
    public HttpPort(Vertx vertx, Config config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        EntranceTransport.guard(
                vertx, options, HttpConfiguration.of(new Settings(config)), new RefusalMetrics(metrics));
    }
}

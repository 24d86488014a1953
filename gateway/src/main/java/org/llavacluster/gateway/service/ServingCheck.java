package org.llavacluster.gateway.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.node.server.NodeLifecycle;

/**
 * Ready while text requests can be served: there is a decoder, and the workers match each other. Without vision or
 * projector nodes the gateway stays ready, because a load balancer would otherwise stop text requests too. Requests
 * with images are then refused, and the data of this check names the missing role. A gateway whose requests may wait
 * for roles that were scaled to zero is always ready, or no request would come that wakes them.
 */
@Readiness
@ApplicationScoped
public class ServingCheck implements HealthCheck {

    private final GatewayApplication application;
    private final NodeLifecycle lifecycle;

    @Inject
    public ServingCheck(GatewayApplication application, NodeLifecycle lifecycle) {
        this.application = application;
        this.lifecycle = lifecycle;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("workers");
        // A client that knows the HTTP address finds the gRPC API by it.
        lifecycle.process().ifPresent(process -> response.withData("grpc_port", process.port()));
        return switch (application.serving()) {
            case Serving.Ready ready ->
                response.up()
                        .withData("vision", ready.visions().size())
                        .withData("projector", ready.projectors().size())
                        .withData("decoder", ready.decoders().size())
                        .build();
            case Serving.TextOnly textOnly ->
                response.up()
                        .withData("decoder", textOnly.decoders().size())
                        .withData("images", textOnly.reason())
                        .build();
            case Serving.NotReady notReady ->
                response.status(application.parks())
                        .withData("reason", notReady.reason())
                        .build();
        };
    }
}

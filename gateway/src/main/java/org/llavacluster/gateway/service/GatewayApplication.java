package org.llavacluster.gateway.service;

import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.gateway.api.CallTenant;
import org.llavacluster.gateway.api.LlavaService;
import org.llavacluster.gateway.api.PublicApi;
import org.llavacluster.gateway.config.GatewayConfiguration;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.gateway.scaling.GatewayScaling;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.server.StartupException;
import org.llavacluster.node.watch.NodeWatcher;

/**
 * The gateway as a process: watches the cluster and serves the public API. It reports that it serves after it has seen
 * one worker of each role; or at once, if requests may wait for roles that were scaled to zero.
 */
@ApplicationScoped
public class GatewayApplication implements NodeApplication {

    private static final int EXIT_MODEL = 1;

    /** Of the scheduler: one in front of vision nodes, one in front of decoders. */
    private static final int QUEUES = 2;

    private final Config config;
    private final CountDownLatch workersOrEnd = new CountDownLatch(1);
    private volatile boolean draining;
    private NodeWatcher watcher;
    private volatile Gateway gateway;
    private volatile GatewayScaling scaling;

    @Inject
    public GatewayApplication(Config config) {
        this.config = config;
    }

    @Override
    public String role() {
        return "gateway";
    }

    /** One image of the largest size fits a message; more images go by PutImage. */
    @Override
    public ServerLimits limits() {
        GatewayConfiguration configuration = configuration();
        long imageBytes = configuration.limits().image().maxBytes();
        return ServerLimits.publicApi(
                Math.toIntExact(imageBytes
                        + configuration.limits().maxTextBytes()
                        + FixedLimits.PUBLIC_MESSAGE_BYTES_BESIDES_IMAGE.value()),
                configuration.maxRunning()
                        + QUEUES * configuration.maxWaiting()
                        + FixedLimits.PUBLIC_CALLS_BESIDES_ADMITTED.intValue());
    }

    @Override
    public List<ServerServiceDefinition> start(NodeContext node) {
        GatewayConfiguration configuration = configuration();
        watcher = new NodeWatcher(
                node.membership(),
                node.channels(),
                node.timers(),
                configuration.suspectAfter(),
                node.clock(),
                node.metrics());
        try {
            gateway = Gateway.open(configuration, watcher, node.channels()::channel, node);
        } catch (ModelFormatException e) {
            throw new StartupException(e.getMessage(), EXIT_MODEL, e);
        }
        scaling = GatewayScaling.open(new Settings(config), watcher, gateway::queued, gateway.rowsPerTile(), node);
        watcher.onChange(this::checkWorkers);
        checkWorkers();
        List<ServerServiceDefinition> services = new ArrayList<>(scaling.services());
        services.add(ServerInterceptors.intercept(
                new LlavaService(gateway.api()), new CallTenant(gateway.api().tenants())));
        return services;
    }

    private GatewayConfiguration configuration() {
        return GatewayConfiguration.of(new Settings(config));
    }

    private void checkWorkers() {
        if (serving() instanceof Serving.Ready || gateway.parks()) {
            workersOrEnd.countDown();
        }
    }

    @Override
    public boolean awaitServing() throws InterruptedException {
        workersOrEnd.await();
        return !draining;
    }

    @Override
    public void draining() {
        draining = true;
        workersOrEnd.countDown();
        if (scaling != null) {
            scaling.draining();
        }
    }

    /** The services of the HTTP API; empty until the process serves. */
    public Optional<PublicApi> api() {
        return Optional.ofNullable(gateway).map(Gateway::api);
    }

    /** Whether requests can be served at present, and why not. */
    public Serving serving() {
        Gateway started = gateway;
        return started == null ? new Serving.NotReady("the gateway is starting") : started.serving();
    }

    /** Whether requests may wait for roles without a worker: then they can be served whoever is there. */
    boolean parks() {
        Gateway started = gateway;
        return started != null && started.parks();
    }

    @Override
    public void stop() {
        if (scaling != null) {
            scaling.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        if (watcher != null) {
            watcher.close();
        }
    }
}

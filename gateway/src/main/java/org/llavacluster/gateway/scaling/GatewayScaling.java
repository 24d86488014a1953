package org.llavacluster.gateway.scaling;

import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.Gauge;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.llavacluster.autoscaling.DemandBoard;
import org.llavacluster.autoscaling.KedaScaler;
import org.llavacluster.kubernetes.KubernetesAccess;
import org.llavacluster.kubernetes.KubernetesGateways;
import org.llavacluster.kubernetes.cost.PodDeletionCosts;
import org.llavacluster.node.config.KubernetesProperties;
import org.llavacluster.node.config.ScalingProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.watch.NodeWatcher;

/** The parts of the gateway that an autoscaler needs, as far as the properties ask for them. */
public final class GatewayScaling implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GatewayScaling.class);
    private static final Duration COST_INTERVAL = Duration.ofSeconds(1);

    private final List<ServerServiceDefinition> services = new ArrayList<>();
    private final List<Runnable> atDrain = new ArrayList<>();
    private final List<AutoCloseable> parts = new ArrayList<>();

    private final Settings settings;
    private Optional<KubernetesAccess> kubernetes = Optional.empty();

    private GatewayScaling(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts to measure.
     *
     * @param queued what waits in this gateway
     * @param rowsPerTile of the model
     */
    public static GatewayScaling open(
            Settings settings, NodeWatcher watcher, Supplier<QueuedWork> queued, int rowsPerTile, NodeContext node) {
        GatewayScaling scaling = new GatewayScaling(settings);
        if (settings.get(ScalingProperties.ENABLED)) {
            scaling.measure(watcher, queued, rowsPerTile, node);
        }
        if (settings.get(KubernetesProperties.POD_DELETION_COST)) {
            scaling.writeDeletionCosts(watcher, node);
        }
        return scaling;
    }

    /** Registers a gauge of the requests that are parked. */
    public static void meter(RequestParking parking, NodeContext node) {
        Gauge.builder("llava.requests.parked", parking, RequestParking::size)
                .description("Requests that wait for a role without a worker")
                .register(node.metrics());
    }

    private void measure(NodeWatcher watcher, Supplier<QueuedWork> queued, int rowsPerTile, NodeContext node) {
        PeerQueues peers = new PeerQueues(settings.find(KubernetesProperties.GATEWAYS_SERVICE)
                .map(service -> gateways(service, node))
                .<Supplier<List<InetSocketAddress>>>map(found -> found::addresses)
                .orElse(List::of));
        parts.add(peers);
        DemandBoard board = new DemandBoard();
        DemandSampler sampler = new DemandSampler(
                queued,
                peers,
                new WorkerLoads(watcher::nodes, rowsPerTile),
                board,
                settings.get(ScalingProperties.QUEUE_TIME),
                node.metrics(),
                node.clock());
        every(DemandSampler.INTERVAL, sampler, node);
        KedaScaler scaler = new KedaScaler(board, () -> {
            QueuedWork now = queued.get();
            return new KedaScaler.OwnQueues(now.tiles(), now.requests());
        });
        services.add(scaler.bindService());
        atDrain.add(scaler::endStreams);
    }

    private KubernetesGateways gateways(String service, NodeContext node) {
        KubernetesAccess access = kubernetes();
        KubernetesGateways gateways = new KubernetesGateways(
                access.client(),
                access.namespace(),
                service,
                node.configuration().id());
        parts.add(gateways);
        return gateways;
    }

    private void writeDeletionCosts(NodeWatcher watcher, NodeContext node) {
        KubernetesAccess access = kubernetes();
        PodDeletionCosts costs = new PodDeletionCosts(access.client(), access.namespace(), node.clock());
        parts.add(costs);
        every(COST_INTERVAL, new DecoderDeletionCosts(() -> watcher.nodes(MemberRole.DECODER), costs), node);
    }

    /** One client of the API server for all parts; it is closed after them. */
    private KubernetesAccess kubernetes() {
        if (kubernetes.isEmpty()) {
            KubernetesAccess access = KubernetesAccess.open(settings);
            parts.add(access.client());
            kubernetes = Optional.of(access);
        }
        return kubernetes.get();
    }

    private void every(Duration interval, Runnable task, NodeContext node) {
        var timer = node.timers().scheduleWithFixedDelay(task, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        parts.add(() -> timer.cancel(false));
    }

    /** gRPC services to serve beside the public API. */
    public List<ServerServiceDefinition> services() {
        return List.copyOf(services);
    }

    /** Ends calls that would never end by themselves. */
    public void draining() {
        atDrain.forEach(Runnable::run);
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part of the autoscaling did not close", e);
            }
        }
    }
}

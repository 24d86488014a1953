package org.llavacluster.gateway.fake;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.gateway.entrance.EntranceTransport;
import org.llavacluster.gateway.openai.OpenAiRoutes;
import org.llavacluster.gateway.service.GatewayApplication;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.LlavaGrpc;

/** A gateway over the tiny 1.5 fixture and a {@link FakeCluster}, with both of its ports open. */
public final class GatewayRig implements AutoCloseable {

    /**
     * The client's flow-control window, HTTP/2's small default, so that a client that does not read is noticed early.
     */
    private static final int CLIENT_WINDOW = 65_535;

    private final FakeCluster cluster;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final NodeProcess process;
    private final GatewayApplication application;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer http;
    private final ManagedChannel channel;
    private final List<ManagedChannel> others = new ArrayList<>();

    /**
     * @param properties names and values in turns: {@code http.NAME} of {@code llava.http}, others of {@code
     *     llava.gateway}
     */
    public GatewayRig(String... properties) throws InterruptedException {
        this(new FakeCluster(model()), properties);
    }

    /** @param cluster closed with this */
    public GatewayRig(FakeCluster cluster, String... properties) throws InterruptedException {
        this.cluster = cluster;
        Map<String, String> config = new HashMap<>(Map.of("llava.model", folder().toString()));
        for (int i = 0; i < properties.length; i += 2) {
            String prefix = properties[i].startsWith("http.") ? "llava." : "llava.gateway.";
            config.put(prefix + properties[i], properties[i + 1]);
        }
        Config settings = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(config, "test", 100))
                .build();
        application = new GatewayApplication(settings);
        process = NodeProcess.start(
                application,
                NodeConfiguration.loopback("gateway-0"),
                Membership.of(cluster.members()),
                metrics,
                Clock.SYSTEM);
        application.awaitServing();
        Router router = Router.router(vertx);
        HttpConfiguration httpConfiguration = HttpConfiguration.of(new Settings(settings));
        new OpenAiRoutes(application::api, httpConfiguration, new RefusalMetrics(metrics), vertx).addTo(router);
        HttpServerOptions options = new HttpServerOptions();
        EntranceTransport.guard(vertx, options, httpConfiguration, new RefusalMetrics(metrics));
        http = vertx.createHttpServer(options)
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        channel = connect();
    }

    public static Path fixtures() {
        return Path.of(System.getProperty("llava.fixtures"));
    }

    private static Path folder() {
        return fixtures().resolve("llava-1.5-tiny");
    }

    public static ModelConfig model() {
        return ModelFolder.open(folder(), Optional.empty()).config();
    }

    public FakeVision vision() {
        return cluster.vision();
    }

    public FakeDecoder decoder() {
        return cluster.decoder(0);
    }

    public FakeCluster cluster() {
        return cluster;
    }

    public GatewayApplication application() {
        return application;
    }

    public ManagedChannel channel() {
        return channel;
    }

    public LlavaGrpc.LlavaStub stub() {
        return LlavaGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    /** A stub on a connection of its own. */
    public LlavaGrpc.LlavaStub otherClient() {
        ManagedChannel other = connect();
        others.add(other);
        return LlavaGrpc.newStub(other).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private ManagedChannel connect() {
        return NettyChannelBuilder.forAddress("127.0.0.1", process.port())
                .usePlaintext()
                .flowControlWindow(CLIENT_WINDOW)
                .build();
    }

    public LlavaGrpc.LlavaBlockingStub blocking() {
        return LlavaGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    public int httpPort() {
        return http.actualPort();
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + httpPort() + path);
    }

    /** The count of requests with that outcome, or {@code submitted} or {@code admitted}. */
    public long count(String what) {
        return (long) metrics.get("llava.requests." + what).counter().count();
    }

    /** The sum of all counters of that name. */
    public double counter(String name) {
        return metrics.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Requests counted as failures of the gateway's stage. */
    public double stageFailures() {
        return metrics.get("llava.stage.failures")
                .tag("stage", "request")
                .counter()
                .count();
    }

    /** Requests refused for that reason. */
    public double refusals(String reason) {
        var counter = metrics.find("llava.refusals").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }

    /** Waits until everything held by requests is returned and each request is counted under one outcome. */
    public void awaitReleased() {
        var api = application.api().orElseThrow();
        Eventually.holds(
                "no decoder call is open", () -> cluster.decoders().stream().allMatch(decoder -> decoder.open() == 0));
        Eventually.holds("no encode call is open", () -> vision().open() == 0);
        Eventually.holds("no memory is reserved", () -> api.budget().held() == 0);
        Eventually.holds("nothing arrives", () -> api.arrivals().size() == 0);
        Eventually.holds("no call runs", () -> api.calls().running() == 0);
        Eventually.holds(
                "nobody runs or waits",
                () -> api.chat().running() == 0 && api.chat().waiting() == 0);
        Eventually.holds(
                "requests are conserved",
                () -> count("submitted")
                        == count("completed")
                                + count("rejected")
                                + count("cancelled")
                                + count("expired")
                                + count("failed"));
    }

    /** Ends the process as SIGTERM does. The HTTP server stays open until {@link #close}. */
    public void end(Duration delay, Duration timeout) {
        process.close(delay, timeout);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        others.forEach(ManagedChannel::shutdownNow);
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        process.close(Duration.ZERO);
        cluster.close();
    }
}

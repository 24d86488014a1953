package org.llavacluster.gateway.service;

import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.llavacluster.gateway.admission.Arrivals;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.admission.PixelBudget;
import org.llavacluster.gateway.api.PublicApi;
import org.llavacluster.gateway.config.GatewayConfiguration;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.gateway.dispatch.Dispatcher;
import org.llavacluster.gateway.dispatch.SchedulerMetrics;
import org.llavacluster.gateway.dispatch.WorkerChannels;
import org.llavacluster.gateway.fetch.ImageFetcher;
import org.llavacluster.gateway.image.ImageIntake;
import org.llavacluster.gateway.image.ImageStore;
import org.llavacluster.gateway.pipeline.ChatParts;
import org.llavacluster.gateway.pipeline.ChatService;
import org.llavacluster.gateway.pipeline.DecoderConnections;
import org.llavacluster.gateway.pipeline.GatewayMetrics;
import org.llavacluster.gateway.pipeline.RequestLog;
import org.llavacluster.gateway.placement.ClusterView;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.gateway.placement.TenantKeys;
import org.llavacluster.gateway.request.PromptFailureLog;
import org.llavacluster.gateway.request.RequestParser;
import org.llavacluster.gateway.request.TenantHeader;
import org.llavacluster.gateway.scaling.GatewayScaling;
import org.llavacluster.gateway.scaling.QueuedWork;
import org.llavacluster.gateway.scaling.RequestParking;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.scheduling.SchedulerLoad;

/**
 * The assembled gateway over a model folder and a view of the cluster. A request passes these layers, from top to
 * bottom:
 *
 * <ol>
 * <li>{@code EntranceTransport} and the HTTP routes, or the gRPC server: connections, heads and bodies within their
 *     limits.
 * <li>{@code OpenAiRoutes} or {@code LlavaService}: from the API's form to a {@code ChatDraft}, so that everything
 *     below is the same for both APIs.
 * <li>{@code ChatService}: the life of the request, with its deadline and exactly one end.
 * <li>{@code RequestParser}: from the draft to a {@code ValidRequest}, after which nothing is checked again.
 * <li>{@code Dispatcher}: gives it to the scheduler, which decides on admission, order, workers and resumes, and calls
 *     vision nodes.
 * <li>{@code ChatCall}: the calls to decoders, and the answer back to the client at its pace.
 * </ol>
 */
public final class Gateway implements AutoCloseable {

    /**
     * Bound of random seeds: whole numbers of this size survive JSON in every language, so a client can send back the
     * seed that it received.
     */
    private static final long DRAWN_SEEDS = 1L << 53;

    private final Tokenizer tokenizer;
    private final DecoderConnections decoders;
    private final Dispatcher dispatcher;
    private final RequestParking parking;
    private final ImageFetcher fetcher;
    private final ExecutorService threads;
    private final Supplier<Serving> serving;
    private final PublicApi api;
    private final ModelConfig model;

    private Gateway(
            Tokenizer tokenizer,
            DecoderConnections decoders,
            Dispatcher dispatcher,
            RequestParking parking,
            ImageFetcher fetcher,
            ExecutorService threads,
            Supplier<Serving> serving,
            PublicApi api,
            ModelConfig model) {
        this.tokenizer = tokenizer;
        this.decoders = decoders;
        this.dispatcher = dispatcher;
        this.parking = parking;
        this.fetcher = fetcher;
        this.threads = threads;
        this.serving = serving;
        this.api = api;
        this.model = model;
    }

    /**
     * Reads the model folder. Throws {@link org.llavacluster.modelio.config.ModelFormatException} if it cannot be
     * served.
     */
    public static Gateway open(
            GatewayConfiguration configuration, NodeWatcher watcher, WorkerChannels channels, NodeContext node) {
        ModelFolder folder = ModelFolder.open(configuration.model(), configuration.visionTower());
        ModelConfig model =
                configuration.servedName().map(folder.config()::named).orElse(folder.config());
        Tokenizer tokenizer = Tokenizer.load(folder);
        PromptEncoder encoder = PromptEncoder.of(folder, tokenizer, configuration.template());
        ClusterView view = new WatchedCluster(watcher);
        Supplier<Serving> serving = () -> Serving.of(view, model);
        ImageStore store = new ImageStore(configuration.imageStoreBytes(), configuration.imageLifetime(), node.clock());
        HttpConfiguration http = configuration.http();
        ByteBudget budget =
                new ByteBudget(configuration.inflightBytes(), http.peerShare(configuration.inflightBytes()));
        ImageFetcher fetcher = ImageFetcher.of(
                configuration.imageHosts(), configuration.limits().image().maxBytes(), budget);
        ImageIntake images = new ImageIntake(
                configuration.limits().image(), new ImageLayouts(model), configuration.preprocess(), store, fetcher);
        SecureRandom seeds = new SecureRandom();
        RequestParser parser = new RequestParser(
                configuration.limits(),
                model,
                encoder,
                images,
                contextTokens(serving, model),
                () -> seeds.nextLong(DRAWN_SEEDS),
                new PromptFailureLog(node.clock()));
        DecoderConnections decoders = new DecoderConnections(node.membership());
        GatewayMetrics metrics = new GatewayMetrics(node.metrics());
        Dispatcher dispatcher = new Dispatcher(
                configuration.schedulerLimits(),
                watcher,
                channels,
                configuration.limits().maxDeadline(),
                metrics.abandoned(),
                node.timers(),
                node.clock());
        ChatParts parts = new ChatParts(
                model,
                tokenizer,
                serving,
                new TenantKeys(configuration.tenantKey()),
                new PixelBudget(configuration.maxPixelsPerAddress()),
                dispatcher,
                decoders,
                metrics);
        SchedulerMetrics.register(node.metrics(), dispatcher);
        RequestParking parking = new RequestParking(serving, configuration.maxParked());
        GatewayScaling.meter(parking, node);
        // After the dispatcher's own listeners, so that it knows the workers for which these requests waited.
        watcher.onChange(parking::workersChanged);
        watcher.onPresence(parking::workersChanged);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory());
        ChatService chat = new ChatService(
                parser,
                parking,
                parts,
                new StageMetrics(node.metrics(), node.clock(), Stage.REQUEST, Stage.QUEUE),
                node.tracing(),
                threads,
                new RequestLog(configuration.http().logRequests()),
                node.clock());
        node.calls().refuseWhile(LlavaGrpc.getChatMethod().getFullMethodName(), () -> dispatcher
                .full()
                .map(failure -> new Refusal(RefusalReason.QUEUE, failure)));
        PublicApi api = new PublicApi(
                model,
                parser,
                chat,
                new TenantHeader(configuration.tenantHeader()),
                store,
                images,
                configuration.maxBodyBytes(),
                budget,
                new Arrivals(http.arrivals(), budget),
                node.timers(),
                threads,
                node.calls(),
                node.clock(),
                node.clock().epochMillis() / 1000,
                node.tracing());
        return new Gateway(tokenizer, decoders, dispatcher, parking, fetcher, threads, serving, api, model);
    }

    /** The smallest context of the decoders; the model's own while no decoder is known. */
    private static IntSupplier contextTokens(Supplier<Serving> serving, ModelConfig model) {
        return () -> switch (serving.get()) {
            case Serving.Ready ready -> Serving.contextTokens(ready.decoders().getFirst(), model);
            case Serving.TextOnly textOnly ->
                Serving.contextTokens(textOnly.decoders().getFirst(), model);
            case Serving.NotReady notReady -> model.decoder().contextTokens();
        };
    }

    public PublicApi api() {
        return api;
    }

    /** Whether requests can be served at present, and why not. */
    public Serving serving() {
        return serving.get();
    }

    /** What waits here for a worker. */
    QueuedWork queued() {
        SchedulerLoad load = dispatcher.load();
        int requests = load.waitingForVision() + load.encoding() + load.waitingForDecoders();
        return parking.work().plus(new QueuedWork(load.waitingTiles(), requests));
    }

    /** Whether requests may wait for roles without a worker. */
    boolean parks() {
        return parking.enabled();
    }

    int rowsPerTile() {
        return model.vision().rowsPerTile();
    }

    /** Running requests must have ended before, by draining the process. */
    @Override
    public void close() {
        threads.shutdownNow();
        dispatcher.close();
        decoders.close();
        fetcher.close();
        tokenizer.close();
    }
}

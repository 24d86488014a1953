package org.llavacluster.vision.service;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.llavacluster.engine.reference.ReferenceBackend;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeServer;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.node.watch.NodeStateBoard;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.tensor.TensorMethods;
import org.llavacluster.vision.encode.ImageEncoder;
import org.llavacluster.vision.encode.PixelPreparer;
import org.llavacluster.vision.encode.TileRunner;
import org.llavacluster.vision.upload.EncodeIntake;
import org.llavacluster.vision.upload.MemoryBudget;
import org.llavacluster.vision.upload.UploadBudget;
import org.llavacluster.vision.upload.UploadClock;
import org.llavacluster.worker.model.WireFormat;
import org.llavacluster.worker.serve.WorkerLoad;

/** The vision services on loopback, with the shapes of the tiny LLaVA 1.5 and a model whose gate the test holds. */
final class VisionRig implements AutoCloseable {

    static final String REVISION = "revision-1";

    /** Bytes of one image's features: 36 rows of 48 floats. */
    static final long FEATURE_BYTES = 36 * 48 * 4;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final NodeStateBoard board = new NodeStateBoard(1);
    final UploadBudget uploads = new UploadBudget(64 << 20);
    final MemoryBudget memory = new MemoryBudget(64 << 20);
    final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    final GatedClip model;
    final TensorCache<ByteString> features;
    final ManagedChannel channel;

    private final ImageEncoder encoder;
    private final NodeServer server;

    VisionRig(long cacheBytes) {
        ModelConfig config = Fixture.open("llava-1.5-tiny").config();
        model = new GatedClip(config.vision());
        features = new TensorCache<>("features", cacheBytes, 100, Clock.SYSTEM, metrics);
        ReferenceBackend backend = new ReferenceBackend();
        StageMetrics stages = new StageMetrics(
                metrics, Clock.SYSTEM, Stage.DECODE_PIXELS, Stage.PREPROCESS, Stage.ENCODE, Stage.PULL_FEATURES);
        encoder = new ImageEncoder(
                new PixelPreparer(new ImagePreprocessor(config.image(), Preprocess.NATURAL), config.vision(), backend),
                new TileRunner(model, config.vision(), WireFormat.F32, backend),
                stages,
                NodeTracing.OFF,
                new WorkerLoad(board, features),
                Clock.SYSTEM,
                2);
        EncodeIntake intake = new EncodeIntake(
                config.vision(),
                new ImageLayouts(config),
                ImageLimits.DEFAULT,
                REVISION,
                WireFormat.F32,
                uploads,
                memory,
                features,
                encoder);
        server = NodeServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                ServerLimits.cluster(),
                List.of(TensorSender.serve(
                        new VisionService(intake, new UploadClock(Clock.SYSTEM, timers)).bindService(),
                        TensorMethods.PULL_FEATURES,
                        new TensorSender<>(new FeatureSource(REVISION, features, stages), Clock.SYSTEM))),
                new CallGate(100),
                metrics,
                Clock.SYSTEM);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    EncodeBatch batch() {
        return new EncodeBatch(channel, REVISION);
    }

    TensorPull startPull(ByteString key, String revision) {
        return TensorPuller.pull(
                channel,
                TensorMethods.PULL_FEATURES,
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                PullFeaturesRequest.newBuilder()
                        .setFeatureKey(key)
                        .setVisionRevision(revision)
                        .build(),
                new ExpectedTensor(key, Set.of(DataType.DATA_TYPE_F32), List.of(36L, 48L), FEATURE_BYTES),
                TensorAllocator.heap());
    }

    PullOutcome pull(ByteString key) {
        return startPull(key, REVISION).outcome().join();
    }

    /** Number of parked pulls and of encode calls that wait for features. */
    int waiters() {
        return (int) metrics.get("llava.tensor.cache.waiters").gauge().value();
    }

    double calls(Stage stage) {
        return metrics.get("llava.stage.calls")
                .tag("stage", stage.label())
                .counter()
                .count();
    }

    /** Seconds of work that nothing waited for any more. */
    double abandoned(Stage stage) {
        return metrics.get("llava.abandoned.work.seconds")
                .tag("stage", stage.label())
                .counter()
                .count();
    }

    /** Waits for an effect of other threads; fails if it does not come. */
    static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("what the test waits for does not happen");
            }
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        model.openGate();
        channel.shutdownNow();
        server.stop();
        encoder.close();
        features.close();
        timers.shutdownNow();
    }
}

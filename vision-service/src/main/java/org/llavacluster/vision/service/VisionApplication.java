package org.llavacluster.vision.service;

import com.google.protobuf.ByteString;
import io.grpc.ServerServiceDefinition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.model.vision.VisionModel;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.watch.NodeService;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.proto.cluster.v1.VisionShapes;
import org.llavacluster.proto.tensor.TensorMethods;
import org.llavacluster.vision.encode.ImageEncoder;
import org.llavacluster.vision.encode.PixelPreparer;
import org.llavacluster.vision.encode.TileRunner;
import org.llavacluster.vision.upload.EncodeIntake;
import org.llavacluster.vision.upload.MemoryBudget;
import org.llavacluster.vision.upload.UploadBudget;
import org.llavacluster.vision.upload.UploadClock;
import org.llavacluster.worker.model.NumericsId;
import org.llavacluster.worker.model.WorkerConfiguration;
import org.llavacluster.worker.model.WorkerModel;
import org.llavacluster.worker.serve.OpenResources;
import org.llavacluster.worker.serve.WorkerLoad;

/** A vision node: runs CLIP and caches its features. */
@Singleton
public final class VisionApplication implements NodeApplication {

    /**
     * Memory of decoded images and pixel values before the engine: the largest image alone, or dozens of camera images.
     */
    private static final long WORKING_BYTES = FixedLimits.VISION_WORKING_BYTES.value();

    /** Received files that wait for memory to be decoded: six of the largest. */
    private static final long UPLOAD_BYTES = FixedLimits.VISION_UPLOAD_BYTES.value();

    private final Settings settings;
    private final OpenResources opened = new OpenResources();

    @Inject
    public VisionApplication(Config config) {
        this.settings = new Settings(config);
    }

    @Override
    public String role() {
        return "vision";
    }

    @Override
    public List<ServerServiceDefinition> start(NodeContext node) {
        WorkerConfiguration configuration = WorkerConfiguration.of(settings);
        WorkerModel<VisionModel> vision = WorkerModel.load(configuration, ModelPart.VISION, VisionModel::load);
        opened.add(vision.backend());
        opened.add(vision.model());
        VisionConfig config = vision.config().vision();
        warmUp(config, vision.model());

        StageMetrics metrics = new StageMetrics(
                node.metrics(), node.clock(), Stage.DECODE_PIXELS, Stage.PREPROCESS, Stage.ENCODE, Stage.PULL_FEATURES);
        TensorCache<ByteString> features = opened.add(new TensorCache<>(
                "features",
                configuration.tensorCacheBytes(),
                FixedLimits.TENSOR_WAITERS.intValue(),
                node.clock(),
                node.metrics()));
        ImageEncoder encoder = opened.add(new ImageEncoder(
                new PixelPreparer(
                        new ImagePreprocessor(vision.config().image(), configuration.preprocess()),
                        config,
                        vision.backend()),
                new TileRunner(vision.model()::encode, config, configuration.wire(), vision.backend()),
                metrics,
                node.tracing(),
                new WorkerLoad(node.state(), features),
                node.clock(),
                configuration.threads()));
        EncodeIntake intake = new EncodeIntake(
                config,
                new ImageLayouts(vision.config()),
                ImageLimits.DEFAULT,
                vision.revision(),
                configuration.wire(),
                new UploadBudget(UPLOAD_BYTES),
                new MemoryBudget(workingBytes()),
                features,
                encoder);
        return List.of(
                TensorSender.serve(
                        new VisionService(intake, new UploadClock(node.clock(), node.timers())).bindService(),
                        TensorMethods.PULL_FEATURES,
                        new TensorSender<>(new FeatureSource(vision.revision(), features, metrics), node.clock())
                                .endingStalled(node.timers(), new RefusalMetrics(node.metrics()))),
                new NodeService(description(node, configuration, vision), node.state()).bindService());
    }

    /** Limits the working memory by the heap that the feature cache leaves. */
    private static long workingBytes() {
        return Math.min(WORKING_BYTES, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Runs CLIP once, because the first run waits for the JVM's compiler. */
    private static void warmUp(VisionConfig config, VisionModel vision) {
        try (HostTensor pixels =
                        HostTensor.heap(DType.F32, 1, config.channels(), config.imageSize(), config.imageSize());
                var outputs = vision.encode(pixels)) {
            outputs.get(VisionProgram.FEATURES);
        }
    }

    private static Description description(
            NodeContext node, WorkerConfiguration configuration, WorkerModel<VisionModel> vision) {
        VisionConfig config = vision.config().vision();
        return Description.newBuilder()
                .setNodeId(node.identity().id())
                .setRole(Role.ROLE_VISION)
                .setEpoch(node.identity().epoch())
                .setRevision(vision.revision())
                .setNumericsId(NumericsId.of(
                        vision.revision(), configuration.weights(), configuration.wire(), vision.backend()))
                .setModel(vision.config().name())
                .setVision(VisionShapes.newBuilder()
                        .setImageSize(config.imageSize())
                        .setRowsPerTile(config.rowsPerTile())
                        .setFeatures(config.features())
                        .setPreprocessor(PreprocessorName.of(vision.config().image(), configuration.preprocess())))
                .build();
    }

    @Override
    public void stop() {
        opened.close();
    }
}

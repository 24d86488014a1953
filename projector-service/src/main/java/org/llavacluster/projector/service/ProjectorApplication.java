package org.llavacluster.projector.service;

import com.google.protobuf.ByteString;
import io.grpc.ServerServiceDefinition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.projector.ProjectorModel;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.image.ImageLayouts;
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
import org.llavacluster.projector.embed.EmbeddingMaker;
import org.llavacluster.projector.embed.ProjectionThread;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.ProjectorGrpc;
import org.llavacluster.proto.cluster.v1.ProjectorShapes;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.proto.tensor.TensorMethods;
import org.llavacluster.worker.model.NumericsId;
import org.llavacluster.worker.model.WorkerConfiguration;
import org.llavacluster.worker.model.WorkerModel;
import org.llavacluster.worker.serve.OpenResources;
import org.llavacluster.worker.serve.WorkerLoad;

/** A projector node: runs the projector and caches its embeddings. */
@Singleton
public final class ProjectorApplication implements NodeApplication {

    private final Settings settings;
    private final OpenResources opened = new OpenResources();

    @Inject
    public ProjectorApplication(Config config) {
        this.settings = new Settings(config);
    }

    @Override
    public String role() {
        return "projector";
    }

    @Override
    public List<ServerServiceDefinition> start(NodeContext node) {
        WorkerConfiguration configuration = WorkerConfiguration.of(settings);
        WorkerModel<ProjectorModel> projector =
                WorkerModel.load(configuration, ModelPart.PROJECTOR, ProjectorModel::load);
        opened.add(projector.backend());
        opened.add(projector.model());
        ModelConfig config = projector.config();
        warmUp(config, projector.model());

        StageMetrics metrics = new StageMetrics(
                node.metrics(), node.clock(), Stage.PULL_FEATURES, Stage.PROJECT, Stage.PULL_EMBEDDINGS);
        TensorCache<ByteString> embeddings = opened.add(new TensorCache<>(
                "embeddings",
                configuration.tensorCacheBytes(),
                FixedLimits.TENSOR_WAITERS.intValue(),
                node.clock(),
                node.metrics()));
        ProjectionThread projection = opened.add(new ProjectionThread(
                projector.model()::project,
                configuration.wire(),
                metrics,
                node.tracing(),
                new WorkerLoad(node.state(), embeddings),
                node.clock()));
        EmbeddingMaker maker = new EmbeddingMaker(
                config.vision(), projector.backend(), node.channels()::channel, projection, metrics, node.tracing());
        EmbeddingSource source = new EmbeddingSource(
                projector.revision(),
                config.projector().hiddenSize(),
                new ImageLayouts(config),
                configuration.wire(),
                embeddings,
                maker,
                metrics);
        return List.of(
                TensorSender.serve(
                        new ProjectorGrpc.ProjectorImplBase() {}.bindService(),
                        TensorMethods.PULL_EMBEDDINGS,
                        new TensorSender<>(source, node.clock())
                                .endingStalled(node.timers(), new RefusalMetrics(node.metrics()))),
                new NodeService(description(node, configuration, projector), node.state()).bindService());
    }

    /** Runs the projector once, because the first run waits for the JVM's compiler. */
    private static void warmUp(ModelConfig config, ProjectorModel projector) {
        int rows = config.vision().rowsPerTile();
        try (HostTensor features =
                        HostTensor.heap(DType.F32, rows, config.vision().features());
                var outputs =
                        projector.project(features, IntStream.range(0, rows).toArray())) {
            outputs.get(ProjectorProgram.EMBEDDINGS);
        }
    }

    private static Description description(
            NodeContext node, WorkerConfiguration configuration, WorkerModel<ProjectorModel> projector) {
        return Description.newBuilder()
                .setNodeId(node.identity().id())
                .setRole(Role.ROLE_PROJECTOR)
                .setEpoch(node.identity().epoch())
                .setRevision(projector.revision())
                .setNumericsId(NumericsId.of(
                        projector.revision(), configuration.weights(), configuration.wire(), projector.backend()))
                .setModel(projector.config().name())
                .setProjector(ProjectorShapes.newBuilder()
                        .setFeatures(projector.config().vision().features())
                        .setHidden(projector.config().projector().hiddenSize()))
                .build();
    }

    @Override
    public void stop() {
        opened.close();
    }
}

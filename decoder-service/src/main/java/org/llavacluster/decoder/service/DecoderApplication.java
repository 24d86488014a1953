package org.llavacluster.decoder.service;

import io.grpc.ServerServiceDefinition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.HeapShare;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.worker.model.NumericsId;
import org.llavacluster.worker.model.WorkerConfiguration;
import org.llavacluster.worker.model.WorkerModel;
import org.llavacluster.worker.serve.OpenResources;

/** A decoder node: LLaMA with its KV cache, and the requests that share it. */
@Singleton
public final class DecoderApplication implements NodeApplication {

    private static final Logger LOG = Logger.getLogger(DecoderApplication.class);
    private static final long MIB = 1L << 20;

    /** EX_SOFTWARE of sysexits.h. */
    private static final int BROKEN = 70;

    /** Time to answer callers before a broken node exits. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final int KEPT_PART = 4;

    private final Settings settings;
    private final OpenResources opened = new OpenResources();
    private DecoderNode decoderNode;

    @Inject
    public DecoderApplication(Config config) {
        this.settings = new Settings(config);
    }

    @Override
    public String role() {
        return "decoder";
    }

    @Override
    public List<ServerServiceDefinition> start(NodeContext node) {
        WorkerConfiguration configuration = WorkerConfiguration.of(settings);
        SchedulerLimits limits = SchedulerSettings.read(settings);
        long keptBytes = settings.find(DecoderProperties.KEPT_IMAGE_BYTES)
                .orElse(HeapShare.atMost(DecoderProperties.USUAL_KEPT_BYTES, KEPT_PART));
        WorkerModel<DecoderModel> decoder = WorkerModel.load(
                configuration,
                ModelPart.DECODER,
                (backend, config, checkpoint) ->
                        DecoderModel.load(backend, config, checkpoint, kvLayout(configuration, config.decoder())));
        opened.add(decoder.backend());
        opened.add(decoder.model());
        DecoderConfig config = decoder.config().decoder();
        WarmUp.run(decoder.model()::step, config.hiddenSize(), node.clock());
        decoderNode = opened.add(new DecoderNode(
                node,
                new WorkerModel<>(decoder.config(), decoder.revision(), decoder.backend(), decoder.model()::step),
                NumericsId.of(decoder.revision(), configuration.weights(), configuration.kv(), decoder.backend()),
                decoder.model().kv().blocks(),
                limits.keeping(SchedulerSettings.keptRows(keptBytes, config.hiddenSize())),
                () -> end(node.calls())));
        return decoderNode.start();
    }

    private static KvLayout kvLayout(WorkerConfiguration configuration, DecoderConfig decoder) {
        int blocks = KvSizing.blocks(
                configuration.kvTokens(), decoder, configuration.kv().dtype(), MachineMemory.bytes());
        KvLayout layout = DecoderModel.kvLayout(
                decoder, blocks, KvSizing.BLOCK_TOKENS, configuration.kv().dtype());
        LOG.infof(
                "KV cache: %d tokens in %d blocks, %d MiB (llava.kv-tokens); the model's context is %d tokens",
                blocks * KvSizing.BLOCK_TOKENS,
                blocks,
                Math.ceilDiv(blocks * layout.blockBytes(), MIB),
                decoder.contextTokens());
        decoder.window()
                .ifPresent(window -> LOG.warnf(
                        "The model is served up to %d tokens, its attention window (sliding_window), of its %d"
                                + " positions (max_position_embeddings)",
                        window, decoder.positions()));
        return layout;
    }

    @Override
    public void draining() {
        decoderNode.drain();
    }

    /** Ends the process, because a node without its loop must not look healthy. */
    private static void end(CallGate calls) {
        try {
            calls.awaitIdle(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(BROKEN);
        }
    }

    @Override
    public void stop() {
        opened.close();
    }
}

package org.llavacluster.decoder.service;

import io.grpc.ServerServiceDefinition;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.text.config.DecoderConfig;
import org.llavacluster.worker.model.NumericsId;
import org.llavacluster.worker.model.WorkerConfiguration;
import org.llavacluster.worker.model.WorkerModel;
import org.llavacluster.worker.serve.OpenResources;

/** A decoder node: LLaMA with its KV cache, and the requests that share it. */
@Singleton
public final class DecoderApplication implements NodeApplication {

    /** EX_SOFTWARE of sysexits.h. */
    private static final int BROKEN = 70;

    /** Time to answer callers before a broken node exits. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

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
        long keptBytes = settings.get(DecoderProperties.KEPT_IMAGE_BYTES);
        WorkerModel<LoadedDecoder> decoder = WorkerModel.load(
                configuration,
                ModelPart.DECODER,
                (backend, config, checkpoint) -> LoadedDecoder.load(configuration, backend, config, checkpoint));
        opened.add(decoder.backend());
        DecoderModel model = opened.add(decoder.model().model());
        DecoderConfig config = decoder.config().decoder();
        WarmUp.run(model::step, config.hiddenSize());
        DecoderSetup setup = new DecoderSetup(
                decoder.config(),
                decoder.revision(),
                NumericsId.of(decoder.revision(), configuration.weights(), configuration.kv(), decoder.backend()),
                decoder.backend(),
                model::step,
                decoder.model().kvBlocks(),
                limits.keeping(SchedulerSettings.keptRows(keptBytes, config.hiddenSize())));
        decoderNode = opened.add(new DecoderNode(node, setup, () -> end(node.calls())));
        return decoderNode.start();
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

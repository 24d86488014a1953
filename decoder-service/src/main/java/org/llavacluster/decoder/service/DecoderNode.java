package org.llavacluster.decoder.service;

import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.concurrent.Executor;
import org.llavacluster.decoder.generate.EmbeddingPuller;
import org.llavacluster.decoder.generate.GenerateParts;
import org.llavacluster.decoder.generate.GenerateService;
import org.llavacluster.decoder.generate.GenerationParser;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.PrefixCache;
import org.llavacluster.decoder.loop.DecoderLoop;
import org.llavacluster.decoder.loop.LoopMetrics;
import org.llavacluster.decoder.scheduler.Scheduler;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.watch.NodeService;
import org.llavacluster.node.watch.NodeStateBoard;
import org.llavacluster.proto.cluster.v1.DecoderShapes;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.text.config.DecoderConfig;

/** The assembled decoder node: scheduler, loop, calls, and the state that Watch reports. */
final class DecoderNode implements AutoCloseable {

    /** Runs the short tasks of calls on virtual threads, one at a time per call. */
    private static final Executor CALL_TASKS =
            task -> Thread.ofVirtual().name("call").start(task);

    private final NodeContext node;
    private final DecoderSetup setup;
    private final StageMetrics stages;
    private final DecoderLoop loop;
    private GenerateService service;

    /**
     * @param onBroken runs after the loop broke and all requests have failed
     */
    DecoderNode(NodeContext node, DecoderSetup setup, Runnable onBroken) {
        this.node = node;
        this.setup = setup;
        this.stages =
                new StageMetrics(node.metrics(), node.clock(), Stage.PULL_EMBEDDINGS, Stage.PREFILL, Stage.DECODE_STEP);
        PrefixCache prefixes = new PrefixCache(setup.kvBlocks());
        Scheduler scheduler = new Scheduler(
                setup.limits(), new BlockPool(setup.kvBlocks(), prefixes), prefixes, KvSizing.BLOCK_TOKENS);
        publish(node.state(), scheduler);
        this.loop = new DecoderLoop(
                scheduler,
                setup.model(),
                setup.config().decoder().vocabulary(),
                setup.limits().maxRunning() + setup.limits().maxWaiting(),
                node.clock(),
                new LoopMetrics(node.metrics(), stages, scheduler.load()),
                newest -> publish(node.state(), newest),
                onBroken);
    }

    /** Starts the loop and returns the services to serve. */
    List<ServerServiceDefinition> start() {
        loop.start();
        DecoderConfig config = setup.config().decoder();
        GenerateParts parts = new GenerateParts(
                new GenerationParser(
                        config.vocabulary(),
                        config.contextTokens(),
                        setup.config().imageTokenId(),
                        setup.numericsId()),
                new EmbeddingPuller(node.channels()::channel, setup.backend(), config.hiddenSize(), stages),
                loop,
                node.timers(),
                node.clock());
        service = new GenerateService(parts, CALL_TASKS);
        return List.of(service.bindService(), new NodeService(description(config), node.state()).bindService());
    }

    /**
     * Hands running requests over if the cluster has another decoder; else they go on to their ends, as far as the
     * drain timeout allows. Does not block.
     */
    void drain() {
        String own = node.identity().id();
        boolean others = node.membership().members(MemberRole.DECODER).stream()
                .anyMatch(member -> !member.id().equals(own));
        if (others) {
            service.moveElsewhere();
        }
    }

    private Description description(DecoderConfig config) {
        return Description.newBuilder()
                .setNodeId(node.identity().id())
                .setRole(Role.ROLE_DECODER)
                .setEpoch(node.identity().epoch())
                .setRevision(setup.revision())
                .setNumericsId(setup.numericsId())
                .setModel(setup.config().name())
                .setDecoder(DecoderShapes.newBuilder()
                        .setHidden(config.hiddenSize())
                        .setVocabulary(config.vocabulary())
                        .setContextTokens(config.contextTokens())
                        .setKvBlocks(setup.kvBlocks())
                        .setKvBlockTokens(KvSizing.BLOCK_TOKENS))
                .build();
    }

    private static void publish(NodeStateBoard board, Scheduler scheduler) {
        Scheduler.Load load = scheduler.load();
        double prefillRate = scheduler.times().prefillRowsPerSecond();
        double decodeRate = scheduler.times().tokensPerSecond();
        board.publish(state -> state.setRunning(load.running())
                .setWaiting(load.waiting())
                .setKvBlocksFree(load.blocksFree())
                .setKvBlocksTotal(load.blocksTotal())
                .setRatePerSecond(prefillRate)
                .setDecodeTokensPerSecond(decodeRate));
    }

    @Override
    public void close() {
        loop.close();
    }
}

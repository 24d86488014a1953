package org.llavacluster.decoder.service;

import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.concurrent.Executor;
import org.llavacluster.decoder.generate.EmbeddingPuller;
import org.llavacluster.decoder.generate.GenerateService;
import org.llavacluster.decoder.generate.GenerationParser;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.PrefixCache;
import org.llavacluster.decoder.loop.DecoderLoop;
import org.llavacluster.decoder.loop.LoopMetrics;
import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.decoder.scheduler.Scheduler;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.watch.NodeService;
import org.llavacluster.node.watch.NodeStateBoard;
import org.llavacluster.proto.cluster.v1.DecoderShapes;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.worker.model.WorkerModel;

/** The assembled decoder node: scheduler, loop, calls, and the state that Watch reports. */
final class DecoderNode implements AutoCloseable {

    /** Runs the short tasks of calls on virtual threads, one at a time per call. */
    private static final Executor CALL_TASKS =
            task -> Thread.ofVirtual().name("call").start(task);

    private final NodeContext node;
    private final WorkerModel<StepComputer> decoder;
    private final String numericsId;
    private final int kvBlocks;
    private final StageMetrics stages;
    private final DecoderLoop loop;
    private GenerateService service;

    /**
     * @param decoder has a KV cache of {@code kvBlocks} blocks of {@link KvSizing#BLOCK_TOKENS} positions
     * @param numericsId the id that must be equal for a stream to continue here
     * @param onBroken runs after the loop broke and all requests have failed
     */
    DecoderNode(
            NodeContext node,
            WorkerModel<StepComputer> decoder,
            String numericsId,
            int kvBlocks,
            SchedulerLimits limits,
            Runnable onBroken) {
        this.node = node;
        this.decoder = decoder;
        this.numericsId = numericsId;
        this.kvBlocks = kvBlocks;
        this.stages =
                new StageMetrics(node.metrics(), node.clock(), Stage.PULL_EMBEDDINGS, Stage.PREFILL, Stage.DECODE_STEP);
        PrefixCache prefixes = new PrefixCache(kvBlocks);
        Scheduler scheduler = new Scheduler(limits, new BlockPool(kvBlocks, prefixes), prefixes, KvSizing.BLOCK_TOKENS);
        publish(node.state(), scheduler);
        this.loop = new DecoderLoop(
                scheduler,
                decoder.model(),
                decoder.config().decoder().vocabulary(),
                limits.maxRunning() + limits.maxWaiting(),
                node.clock(),
                new LoopMetrics(node.metrics(), stages, scheduler.load()),
                newest -> publish(node.state(), newest),
                onBroken);
    }

    /** Starts the loop and returns the services to serve. */
    List<ServerServiceDefinition> start() {
        loop.start();
        DecoderConfig config = decoder.config().decoder();
        service = new GenerateService(
                new GenerationParser(
                        config.vocabulary(),
                        config.contextTokens(),
                        decoder.config().imageTokenId(),
                        numericsId),
                new EmbeddingPuller(
                        node.channels()::channel, decoder.backend(), config.hiddenSize(), stages, node.tracing()),
                loop,
                node.timers(),
                node.clock(),
                node.tracing(),
                CALL_TASKS);
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
                .setRevision(decoder.revision())
                .setNumericsId(numericsId)
                .setModel(decoder.config().name())
                .setDecoder(DecoderShapes.newBuilder()
                        .setHidden(config.hiddenSize())
                        .setVocabulary(config.vocabulary())
                        .setContextTokens(config.contextTokens())
                        .setKvBlocks(kvBlocks)
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
                .setSlots(load.slots())
                .setQueuedWork(load.promptRows())
                .setRatePerSecond(prefillRate)
                .setDecodeTokensPerSecond(decodeRate));
    }

    @Override
    public void close() {
        loop.close();
    }
}

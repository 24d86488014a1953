package org.llavacluster.decoder.service;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.engine.DType;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.server.NodeIdentity;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.node.watch.NodeStateBoard;
import org.llavacluster.proto.cluster.v1.DecoderGrpc;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.WatchRequest;
import org.llavacluster.worker.model.WorkerModel;

/**
 * A decoder node over a fixture, served in this process, where flow control follows the reader exactly, and a projector
 * on loopback that has the fixture's embeddings.
 */
final class DecoderRig implements AutoCloseable {

    static final String NUMERICS = "numerics of the test";
    static final int BLOCKS = 128;
    static final SchedulerLimits LIMITS = new SchedulerLimits(8, 8, 64, TimeUnit.SECONDS.toNanos(1), 4, 8, 0);

    final Fixture fixture;
    final FakeProjector projector = new FakeProjector("projector-0");
    final CountingBackend backend;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final CompletableFuture<Void> broken = new CompletableFuture<>();
    final GatedDecoder model;

    private final int blocks;
    /** One permit for each request that the node has received. */
    private final Semaphore arrived = new Semaphore(0);

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final DecoderModel loaded;
    private final DecoderNode node;
    private final ChannelPool channels;
    private final Server server;
    private final ManagedChannel channel;

    DecoderRig(String fixtureName, SchedulerLimits limits) throws IOException {
        this(fixtureName, Backends.REFERENCE, limits, BLOCKS);
    }

    DecoderRig(String fixtureName, Backends backends, SchedulerLimits limits, int blocks) throws IOException {
        this.backend = new CountingBackend(backends.open());
        this.blocks = blocks;
        fixture = Fixture.open(fixtureName);
        try (Checkpoint checkpoint = fixture.checkpoint()) {
            loaded = DecoderModel.load(
                    backend.backend(),
                    fixture.config(),
                    checkpoint,
                    DecoderModel.kvLayout(fixture.config().decoder(), blocks, KvSizing.BLOCK_TOKENS, DType.F32));
        }
        model = new GatedDecoder(loaded::step);
        Membership membership = Membership.of(List.of(
                projector.member,
                new Member("decoder-0", MemberRole.DECODER, "127.0.0.1", 1),
                new Member("decoder-1", MemberRole.DECODER, "127.0.0.1", 2)));
        channels = new ChannelPool(membership, timers);
        NodeIdentity identity = NodeIdentity.starting("decoder-0", "decoder");
        NodeContext context = new NodeContext(
                NodeConfiguration.loopback("decoder-0"),
                identity,
                membership,
                channels,
                new NodeStateBoard(identity.epoch()),
                new CallGate(1000),
                metrics,
                timers,
                Clock.SYSTEM,
                NodeTracing.OFF);
        node = new DecoderNode(
                context,
                new WorkerModel<>(fixture.config(), "revision", backend, model),
                NUMERICS,
                blocks,
                limits,
                () -> broken.complete(null));
        String name = UUID.randomUUID().toString();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
        node.start().forEach(builder::addService);
        server = builder.intercept(new Arrivals(arrived)).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
        FixturePrompts.keys(fixture)
                .forEach((image, key) -> projector.put(key, FixturePrompts.embeddings(fixture, image)));
    }

    /** As at SIGTERM. */
    void drain() {
        node.drain();
    }

    DecoderGrpc.DecoderStub stub() {
        return DecoderGrpc.newStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    }

    GenerateClient ask(Start.Builder start) {
        return ask(start, stub(), false);
    }

    /** A reader that reads nothing until {@code readOn}. */
    GenerateClient askSlowly(Start.Builder start) {
        return ask(start, stub(), true);
    }

    GenerateClient ask(Start.Builder start, DecoderGrpc.DecoderStub stub, boolean slow) {
        GenerateClient answer = new GenerateClient(start.getProducedCount(), slow);
        StreamObserver<GenerateRequest> requests = stub.generate(answer);
        requests.onNext(GenerateRequest.newBuilder().setStart(start).build());
        return answer;
    }

    /** Holds the next step until the node has received that many requests from now on. Call it before sending them. */
    void holdUntilArrived(int requests) {
        arrived.drainPermits();
        model.gate = step -> {
            model.gate = later -> {};
            try {
                if (!arrived.tryAcquire(requests, 60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("fewer than " + requests + " requests arrived");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** Waits until Watch reports a matching state. */
    NodeState awaitState(Predicate<NodeState> like) throws Exception {
        CompletableFuture<NodeState> found = new CompletableFuture<>();
        NodeGrpc.newStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .watch(WatchRequest.getDefaultInstance(), new EachState(state -> {
                    if (like.test(state)) {
                        found.complete(state);
                    }
                }));
        return found.get(60, TimeUnit.SECONDS);
    }

    void awaitIdle() throws Exception {
        awaitState(state -> state.getKvBlocksFree() == blocks && state.getRunning() == 0 && state.getWaiting() == 0);
    }

    ByteString keyOf(String image) {
        return FixturePrompts.keys(fixture).get(image);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        node.close();
        channels.close();
        projector.close();
        loaded.close();
        backend.close();
        timers.shutdownNow();
    }

    private record Arrivals(Semaphore arrived) implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
                    next.startCall(call, headers)) {
                @Override
                public void onMessage(Q message) {
                    super.onMessage(message);
                    if (message instanceof GenerateRequest request && request.hasStart()) {
                        arrived.release();
                    }
                }
            };
        }
    }

    private record EachState(Consumer<NodeState> consumer) implements StreamObserver<NodeState> {

        @Override
        public void onNext(NodeState state) {
            consumer.accept(state);
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {}
    }
}

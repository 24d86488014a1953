package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.WatchRequest;

@Timeout(60)
class NodeProcessTest {

    private static final DescribeRequest REQUEST = DescribeRequest.getDefaultInstance();

    @Test
    void shouldMapWhatHandlersThrowAndCloseWith() {
        Failure limit = new Failure.Invalid("max_tokens", "max_tokens must be 1 to 2048, not -1");
        assertThat(failureOf((_, _) -> {
                    throw new FailureException(limit);
                }))
                .contains(limit);
        assertThat(failureOf((_, observer) -> observer.onError(new FailureException(limit))))
                .contains(limit);
        assertThat(failureOf((_, observer) -> {
                    observer.onNext(Description.getDefaultInstance());
                    throw new FailureException(new Failure.Aborted("broken"));
                }))
                .contains(new Failure.Aborted("broken"));
    }

    @Test
    void shouldTurnOurOwnErrorsIntoIncidents() {
        assertThat(failureOf((_, _) -> {
                    throw new IllegalStateException("secret");
                }))
                .hasValueSatisfying(NodeProcessTest::assertIncident);
        assertThat(failureOf((_, observer) -> observer.onError(new NullPointerException("secret"))))
                .hasValueSatisfying(NodeProcessTest::assertIncident);
    }

    private static void assertIncident(Failure failure) {
        assertThat(failure).isInstanceOfSatisfying(Failure.Internal.class, internal -> assertThat(internal.incident())
                .matches("[0-9a-f]{16}"));
    }

    private static Optional<Failure> failureOf(
            java.util.function.BiConsumer<DescribeRequest, StreamObserver<Description>> handler) {
        try (EchoRig rig = new EchoRig(handler)) {
            return rig.failureOf(REQUEST);
        }
    }

    /** A stream must see through all interceptors that its client does not keep up. */
    @Test
    void shouldNotHideIsReady() throws Exception {
        CompletableFuture<Integer> sentUntilFull = new CompletableFuture<>();
        Description large =
                Description.newBuilder().setModel("m".repeat(64 << 10)).build();
        try (EchoRig rig = new EchoRig((_, observer) -> {
            ServerCallStreamObserver<Description> call = (ServerCallStreamObserver<Description>) observer;
            int sent = 0;
            while (call.isReady() && sent < 1000) {
                call.onNext(large);
                sent++;
            }
            sentUntilFull.complete(sent);
        })) {
            var call = rig.channel.newCall(EchoRig.CALL, io.grpc.CallOptions.DEFAULT);
            call.start(new io.grpc.ClientCall.Listener<>() {}, new io.grpc.Metadata());
            call.sendMessage(REQUEST);
            call.halfClose();
            assertThat(sentUntilFull.get()).isBetween(1, 999);
            call.cancel("enough", null);
        }
    }

    @Test
    void shouldCountCallsByMethodAndCode() {
        try (EchoRig rig = new EchoRig((_, observer) -> {
            observer.onNext(Description.getDefaultInstance());
            observer.onCompleted();
        })) {
            assertThat(rig.failureOf(REQUEST)).isEmpty();
            assertThat(rig.failureOf(REQUEST)).isEmpty();
            rig.channel.shutdownNow();
            rig.process.close();
            assertThat(rig.metrics
                            .get("llava.grpc.calls")
                            .tags("method", "test.Echo/Call", "code", "OK")
                            .counter()
                            .count())
                    .isEqualTo(2);
            assertThat(rig.metrics
                            .get("llava.grpc")
                            .tag("method", "test.Echo/Call")
                            .timer()
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseMoreCallsThanItsLimitWithADelay() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicReference<StreamObserver<Description>> held = new AtomicReference<>();
        ServerLimits one = TestLimits.calls(100, 1);
        try (EchoRig rig = new EchoRig(
                (_, observer) -> {
                    if (held.compareAndSet(null, observer)) {
                        entered.countDown();
                    } else {
                        observer.onCompleted();
                    }
                },
                one)) {
            CompletableFuture<Optional<Failure>> first = CompletableFuture.supplyAsync(() -> rig.failureOf(REQUEST));
            entered.await();
            assertThat(rig.failureOf(REQUEST))
                    .contains(
                            new Failure.Overloaded("the limit of 1 running calls is reached", Duration.ofMillis(500)));
            held.get().onCompleted();
            assertThat(first.get()).isEmpty();
        }
    }

    /** A connection that opens and resets calls endlessly is closed, without effect on others. */
    @Test
    void shouldCloseAConnectionThatFloodsItWithResets() throws Exception {
        ServerLimits limits = TestLimits.resets(50);
        try (EchoRig rig = new EchoRig((_, observer) -> observer.onCompleted(), limits)) {
            assertThat(rig.failureOf(REQUEST)).isEmpty();
            ManagedChannel flooding = NettyChannelBuilder.forAddress("127.0.0.1", rig.process.port())
                    .usePlaintext()
                    .build();
            try {
                ClientCalls.blockingServerStreamingCall(flooding, EchoRig.CALL, CallOptions.DEFAULT, REQUEST)
                        .forEachRemaining(_ -> {});
                CountDownLatch closed = new CountDownLatch(1);
                flooding.notifyWhenStateChanged(ConnectivityState.READY, closed::countDown);
                while (closed.getCount() > 0) {
                    var call = flooding.newCall(EchoRig.CALL, CallOptions.DEFAULT);
                    call.start(new ClientCall.Listener<>() {}, new Metadata());
                    call.request(1);
                    call.sendMessage(REQUEST);
                    call.cancel("flood", null);
                }
                assertThat(rig.channel.getState(false)).isEqualTo(ConnectivityState.READY);
                assertThat(rig.failureOf(REQUEST)).isEmpty();
            } finally {
                flooding.shutdownNow();
            }
        }
    }

    @Test
    void shouldDrain() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicReference<StreamObserver<Description>> held = new AtomicReference<>();
        try (EchoRig rig = new EchoRig((_, observer) -> {
            held.set(observer);
            entered.countDown();
        })) {
            HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(rig.channel);
            assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            BlockingQueue<NodeState> watched = new LinkedBlockingQueue<>();
            CountDownLatch watchEnded = new CountDownLatch(1);
            watch(rig, watched, watchEnded);
            assertThat(watched.take().getDraining()).isFalse();
            CompletableFuture<Optional<Failure>> running = CompletableFuture.supplyAsync(() -> rig.failureOf(REQUEST));
            entered.await();

            Thread closing = Thread.ofPlatform().start(() -> rig.process.close(Duration.ofMinutes(1)));
            // Reports that were on their way come before the one that says so.
            while (!watched.take().getDraining()) {}
            // Health calls still work, on this connection and on a new one; all others are refused.
            while (health.check(HealthCheckRequest.getDefaultInstance()).getStatus() != ServingStatus.NOT_SERVING) {
                Thread.onSpinWait();
            }
            assertThat(rig.failureOf(REQUEST)).contains(new Failure.Unavailable("the node is draining"));
            assertThat(running).isNotDone();
            assertThat(rig.stopped).isFalse();

            held.get().onCompleted();
            assertThat(running.get()).isEmpty();
            watchEnded.await();
            closing.join();
            assertThat(rig.stopped).isTrue();
            assertThat(rig.failureOf(REQUEST))
                    .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(Failure.Unavailable.class));
        }
    }

    @Test
    void shouldEndCallsThatOutliveTheDrainWithUnavailable() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        try (EchoRig rig = new EchoRig((_, _) -> entered.countDown())) {
            CompletableFuture<Optional<Failure>> running = CompletableFuture.supplyAsync(() -> rig.failureOf(REQUEST));
            entered.await();
            rig.process.close(Duration.ofMillis(1));
            assertThat(running.get()).contains(new Failure.Unavailable("the node is shutting down"));
        }
    }

    private static void watch(EchoRig rig, BlockingQueue<NodeState> states, CountDownLatch ended) {
        NodeGrpc.newStub(rig.channel).watch(WatchRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(NodeState state) {
                states.add(state);
            }

            @Override
            public void onError(Throwable t) {
                ended.countDown();
            }

            @Override
            public void onCompleted() {
                ended.countDown();
            }
        });
    }

    @Test
    void shouldSayInOneLineThatItsPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeConfiguration configuration = new NodeConfiguration(
                    "echo-0",
                    "127.0.0.1",
                    taken.getLocalPort(),
                    Optional.empty(),
                    false,
                    Duration.ZERO,
                    Duration.ZERO,
                    true);
            NodeApplication application = new NodeApplication() {
                @Override
                public String role() {
                    return "vision";
                }

                @Override
                public List<io.grpc.ServerServiceDefinition> start(NodeContext node) {
                    return List.of();
                }
            };
            assertThatThrownBy(() -> NodeProcess.start(
                            application,
                            configuration,
                            Membership.of(List.of()),
                            new SimpleMeterRegistry(),
                            Clock.SYSTEM))
                    .isInstanceOfSatisfying(StartupException.class, e -> {
                        assertThat(e).hasMessageStartingWith("llava.node.port " + taken.getLocalPort());
                        assertThat(e.getMessage()).doesNotContain("\n");
                        assertThat(e.exitCode()).isEqualTo(1);
                    });
        }
    }

    @Test
    void shouldNoticeThatTheParentIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (PipedOutputStream parent = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(parent)) {
            ParentWatch.start(input, gone::countDown);
            parent.write("ignored\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            parent.flush();
            assertThat(gone.getCount()).isEqualTo(1);
            parent.close();
            gone.await();
        }
    }

    @Test
    void shouldWriteTheReadyLine() {
        NodeIdentity identity = NodeIdentity.starting("vision-0", "vision");
        assertThat(ReadyLine.of(identity, "127.0.0.1", 40001, "127.0.0.1", 40002)
                        .text())
                .isEqualTo("ready id=vision-0 role=vision grpc=127.0.0.1:40001 http=http://127.0.0.1:40002");
        assertThat(ReadyLine.of(identity, "::1", 1, "::1", 2).text())
                .isEqualTo("ready id=vision-0 role=vision grpc=[::1]:1 http=http://[::1]:2");
        assertThat(NodeIdentity.starting("a", "vision").epoch())
                .isNotEqualTo(NodeIdentity.starting("a", "vision").epoch());
        assertThatThrownBy(() -> NodeIdentity.starting("no spaces", "vision")).hasMessageContaining("'no spaces'");
    }
}

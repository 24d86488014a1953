package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Gauge;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.transport.ConnectionLimits;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;

/**
 * Peers that hold what others need, each beside a bystander whose calls must not be refused.
 *
 * <p>Holds the limit {@code GrpcProperties.MAX_ARRIVING_CALLS}.
 */
@Timeout(180)
class PeerAbuseTest {

    private static final DescribeRequest REQUEST = DescribeRequest.getDefaultInstance();
    private static final String PATH = "/test.Echo/Call";
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration NEVER = Duration.ofMinutes(1);

    private static EchoRig echo(ServerLimits limits) {
        return new EchoRig(PeerAbuseTest::answer, limits);
    }

    private static void answer(DescribeRequest request, StreamObserver<Description> client) {
        client.onNext(Description.getDefaultInstance());
        client.onCompleted();
    }

    private static void assertServed(EchoRig rig) {
        for (int i = 0; i < 20; i++) {
            assertThat(rig.failureOf(REQUEST)).isEmpty();
        }
    }

    private static void assertServedAnew(EchoRig rig) {
        try (RawHttp2Peer other = RawHttp2Peer.connect(rig.process.port())) {
            int stream = other.open(PATH);
            other.message(stream, false, new byte[0]);
            assertThat(other.status(stream)).isEqualTo(Status.Code.OK);
        }
    }

    /** The peer does not acknowledge settings, so HTTP/2 alone would let it open any number of calls. */
    @Test
    void shouldCountTheCallsOfAConnectionItself() {
        try (EchoRig rig = echo(TestLimits.calls(10, 15));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            List<Integer> streams =
                    IntStream.range(0, 11).mapToObj(_ -> peer.open(PATH)).toList();
            // The server sees them in any order.
            CompletableFuture.anyOf(streams.stream().map(peer::statusOf).toArray(CompletableFuture<?>[]::new))
                    .join();
            assertServed(rig);
            List<Integer> running = streams.stream()
                    .filter(stream -> !peer.statusOf(stream).isDone())
                    .toList();
            assertThat(running).hasSize(10);
            assertThat(streams.stream().filter(stream -> !running.contains(stream)))
                    .allMatch(stream -> peer.status(stream) == Status.Code.RESOURCE_EXHAUSTED);
            for (int stream : running) {
                peer.message(stream, false, new byte[0]);
                assertThat(peer.status(stream)).isEqualTo(Status.Code.OK);
            }
        }
    }

    @Test
    void shouldEndCallsWhoseFirstMessageDoesNotBegin() {
        try (EchoRig rig = echo(TestLimits.arriving(1000, SOON, 1));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            List<Integer> streams =
                    IntStream.range(0, 600).mapToObj(_ -> peer.open(PATH)).toList();
            assertServed(rig);
            assertThat(streams).allMatch(stream -> peer.status(stream) == Status.Code.DEADLINE_EXCEEDED);
            assertThat(rig.process.context().calls().running()).isZero();
        }
    }

    /** The message arrives so slowly that it would hold its bytes for ever. */
    @Test
    void shouldEndCallsWhoseMessageStopsOnItsWay() {
        try (EchoRig rig = echo(TestLimits.arriving(1000, SOON, 1 << 20));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int stream = peer.open(PATH);
            peer.frame(RawHttp2Peer.DATA, 0, stream, 0, 0, 0, 1, 0, 1);
            assertThat(peer.status(stream)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertServed(rig);
        }
    }

    @Test
    void shouldMakeRoomForCallsThatArriveWithTheirMessage() {
        try (EchoRig rig = echo(TestLimits.arriving(50, NEVER, 1));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            // The server sees them in any order, and the call of assertServed may cost one more of them its place.
            List<Integer> streams =
                    IntStream.range(0, 60).mapToObj(_ -> peer.open(PATH)).toList();
            assertServed(rig);
            peer.awaitStatuses(streams, 10);
            streams.forEach(stream -> peer.message(stream, false, new byte[0]));
            List<Status.Code> codes = streams.stream().map(peer::status).toList();
            assertThat(codes).containsOnly(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
            assertThat(codes.stream().filter(code -> code == Status.Code.OK)).hasSizeBetween(49, 50);
        }
    }

    /** All from one address, just below the limits, at them and beyond. */
    @Test
    void shouldLetOthersInBesideSilentConnections() {
        ConnectionLimits limits = new ConnectionLimits(100, 75, 50, NEVER, 100, 100);
        try (EchoRig rig = echo(TestLimits.connections(limits))) {
            List<RawHttp2Peer> silent = new ArrayList<>();
            try {
                assertServed(rig);
                for (int i = 0; i < 49; i++) {
                    silent.add(RawHttp2Peer.silent(loopback(1), rig.process.port()));
                }
                silent.forEach(peer -> peer.greeted().join());
                silent.add(RawHttp2Peer.silent(loopback(1), rig.process.port()));
                silent.getLast().greeted().join();
                assertThat(silent).noneMatch(peer -> peer.ended().isDone());
                silent.add(RawHttp2Peer.silent(loopback(1), rig.process.port()));
                silent.getFirst().ended().join();
                for (int i = 0; i < 300; i++) {
                    silent.add(RawHttp2Peer.silent(loopback(1 + i % 3), rig.process.port()));
                }
                assertServed(rig);
                assertServedAnew(rig);
            } finally {
                silent.forEach(RawHttp2Peer::close);
            }
        }
    }

    @Test
    void shouldLetOthersInBesideConnectionsWithoutCalls() {
        ConnectionLimits limits = new ConnectionLimits(20, 15, 20, NEVER, 100, 100);
        try (EchoRig rig = echo(TestLimits.connections(limits))) {
            List<RawHttp2Peer> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 60; i++) {
                    idle.add(RawHttp2Peer.connect(rig.process.port()));
                    idle.getLast().greeted().join();
                }
                assertServedAnew(rig);
                assertServed(rig);
            } finally {
                idle.forEach(RawHttp2Peer::close);
            }
        }
    }

    @Test
    void shouldCloseConnectionsThatStaySilent() {
        ConnectionLimits limits = new ConnectionLimits(100, 75, 50, SOON, 100, 100);
        try (EchoRig rig = echo(TestLimits.connections(limits));
                RawHttp2Peer silent = RawHttp2Peer.silent(loopback(1), rig.process.port());
                RawHttp2Peer spoken = RawHttp2Peer.connect(rig.process.port())) {
            silent.ended().join();
            assertThat(spoken.ended()).isNotDone();
            assertServed(rig);
        }
    }

    @Test
    void shouldCloseConnectionsThatFloodItWithFrames() {
        floods(peer -> peer.frame(RawHttp2Peer.PING, 0, 0, new byte[8]));
        floods(peer -> peer.frame(RawHttp2Peer.PING, 1, 0, new byte[8]));
        floods(peer -> peer.frame(RawHttp2Peer.SETTINGS, 0, 0));
        floods(peer -> peer.frame(2, 0, 1, 0, 0, 0, 0, 1));
        floods(peer -> peer.frame(77, 0, 0));
        floods(peer -> peer.frame(RawHttp2Peer.DATA, 0, 1));
        floods(peer -> peer.open(PATH));
        floods(peer -> peer.frame(RawHttp2Peer.WINDOW_UPDATE, 0, 0, 0, 0, 0, 1));
    }

    /** Sends those frames until the connection is closed, which must happen, and reads what arrives. */
    private static void floods(Consumer<RawHttp2Peer> frame) {
        ConnectionLimits limits = new ConnectionLimits(100, 75, 50, NEVER, 100, 200);
        try (EchoRig rig = echo(TestLimits.connections(limits));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int ignored = peer.open(PATH);
            CompletableFuture<Void> bystander = CompletableFuture.runAsync(() -> assertServed(rig));
            try {
                while (!peer.ended().isDone()) {
                    frame.accept(peer);
                }
            } catch (UncheckedIOException closed) {
                // Expected.
            }
            peer.ended().orTimeout(30, TimeUnit.SECONDS).join();
            bystander.join();
        }
    }

    /**
     * Large messages of one connection that arrive together: what does not fit is refused, and the rest is answered.
     */
    @Test
    void shouldRefuseMessagesThatDoNotFitItsMemoryAndKeepTheConnection() throws Exception {
        int size = 1 << 20;
        DescribeRequest large = DescribeRequest.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                100,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[size - 100]))
                                        .build())
                        .build())
                .build();
        List<StreamObserver<Description>> running = new CopyOnWriteArrayList<>();
        try (EchoRig rig = new EchoRig(
                (request, client) -> {
                    if (request.getSerializedSize() > 0) {
                        running.add(client);
                    } else {
                        answer(request, client);
                    }
                },
                TestLimits.messages(size, 4L * size))) {
            List<CompletableFuture<Optional<Failure>>> calls = IntStream.range(0, 12)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> rig.failureOf(large), Executors.newVirtualThreadPerTaskExecutor()))
                    .toList();
            // Three quarters of the memory are one peer's share.
            CompletableFuture.anyOf(calls.toArray(CompletableFuture<?>[]::new)).join();
            while (calls.stream().filter(CompletableFuture::isDone).count() + running.size() < 12) {
                Thread.onSpinWait();
            }
            assertServed(rig);
            assertThat(running).hasSizeBetween(1, 3);
            assertThat(calls.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                    .allMatch(failure -> failure.orElseThrow() instanceof Failure.Overloaded);
            running.forEach(client -> answer(REQUEST, client));
            assertThat(calls.stream().map(CompletableFuture::join).filter(Optional::isEmpty))
                    .hasSize(running.size());
            // A client sees the end of its call slightly before the server releases its memory.
            Gauge held = rig.metrics.get("llava.grpc.inbound.bytes").gauge();
            while (held.value() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}

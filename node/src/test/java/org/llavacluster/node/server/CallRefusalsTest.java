package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.transport.ConnectionLimits;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;

/**
 * Whatever the gRPC port refuses is counted once, under its reason, and nothing else is counted.
 *
 * <p>Holds the limit {@code GrpcProperties.HANDSHAKE_TIMEOUT}.
 */
@Timeout(180)
class CallRefusalsTest {

    private static final String PATH = "/test.Echo/Call";
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] EMPTY = {};

    private static void answer(DescribeRequest request, StreamObserver<Description> client) {
        client.onNext(Description.getDefaultInstance());
        client.onCompleted();
    }

    private static EchoRig echo(ServerLimits limits) {
        return new EchoRig(CallRefusalsTest::answer, limits);
    }

    /** Waits until so many refusals are counted: the peer may see its refusal a moment before. */
    private static void assertRefused(EchoRig rig, Map<RefusalReason, Integer> expected) {
        int all = expected.values().stream().mapToInt(Integer::intValue).sum();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (counted(rig).values().stream().mapToInt(Integer::intValue).sum() < all && System.nanoTime() < giveUp) {
            LockSupport.parkNanos(1_000_000);
        }
        Map<String, Integer> byLabel = new TreeMap<>();
        expected.forEach((reason, count) -> byLabel.put(reason.label(), count));
        assertThat(counted(rig)).isEqualTo(byLabel);
    }

    private static Map<String, Integer> counted(EchoRig rig) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Counter counter : rig.metrics.find("llava.refusals").counters()) {
            if (counter.count() > 0) {
                counts.put(counter.getId().getTag("reason"), (int) counter.count());
            }
        }
        return counts;
    }

    @Test
    void shouldCountNothingOfCallsThatAreServed() {
        try (EchoRig rig = echo(TestLimits.calls(10, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int stream = peer.open(PATH);
            peer.message(stream, false, EMPTY);
            assertThat(peer.status(stream)).isEqualTo(Status.Code.OK);
            assertRefused(rig, Map.of());
        }
    }

    @Test
    void shouldCountCallsThatTheHandlerRefuses() {
        Failure full = new Failure.Overloaded("full", Duration.ofSeconds(1));
        try (EchoRig rig = new EchoRig((request, client) -> client.onError(GrpcFailures.toStatus(full)))) {
            assertThat(rig.failureOf(DescribeRequest.getDefaultInstance())).contains(full);
            assertRefused(rig, Map.of(RefusalReason.OVERLOADED, 1));
        }
        try (EchoRig rig =
                new EchoRig((request, client) -> client.onError(GrpcFailures.toStatus(full, RefusalReason.MEMORY)))) {
            assertThat(rig.failureOf(DescribeRequest.getDefaultInstance())).contains(full);
            assertRefused(rig, Map.of(RefusalReason.MEMORY, 1));
        }
    }

    @Test
    void shouldCountCallsBeyondThoseThatMayRun() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        List<StreamObserver<Description>> clients = new ArrayList<>();
        try (EchoRig rig = new EchoRig(
                        (request, client) -> {
                            synchronized (clients) {
                                clients.add(client);
                            }
                            running.countDown();
                        },
                        TestLimits.calls(10, 2));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            for (int i = 0; i < 2; i++) {
                peer.message(peer.open(PATH), false, EMPTY);
            }
            running.await();
            int refused = peer.open(PATH);
            peer.message(refused, false, EMPTY);
            assertThat(peer.status(refused)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertRefused(rig, Map.of(RefusalReason.CALLS, 1));
            synchronized (clients) {
                clients.forEach(client -> answer(null, client));
            }
        }
    }

    @Test
    void shouldCountCallsWhileItDrains() {
        try (EchoRig rig = echo(TestLimits.calls(10, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            rig.process.context().calls().drain();
            int stream = peer.open(PATH);
            peer.message(stream, false, EMPTY);
            assertThat(peer.status(stream)).isEqualTo(Status.Code.UNAVAILABLE);
            assertRefused(rig, Map.of(RefusalReason.DRAINING, 1));
        }
    }

    @Test
    void shouldCountCallsOfOneConnectionBeyondItsLimit() {
        try (EchoRig rig = echo(TestLimits.calls(3, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            assertThat(firstStatus(peer, 4)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertRefused(rig, Map.of(RefusalReason.CONNECTION_CALLS, 1));
        }
    }

    @Test
    void shouldCountStreamsThatTheTransportRefuses() {
        try (EchoRig rig = echo(TestLimits.calls(3, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            peer.greeted().join();
            peer.frame(RawHttp2Peer.SETTINGS, 1, 0);
            for (int i = 0; i < 3; i++) {
                int ignored = peer.open(PATH);
            }
            assertThat(peer.status(peer.open(PATH))).isIn(Status.Code.CANCELLED, Status.Code.RESOURCE_EXHAUSTED);
            assertRefused(rig, Map.of(RefusalReason.CONNECTION_CALLS, 1));
        }
    }

    @Test
    void shouldCountCallsWithoutAMessageApartFromThoseWithASlowOne() {
        try (EchoRig rig = echo(TestLimits.arriving(100, SOON, 1 << 20));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int silent = peer.open(PATH);
            int slow = peer.open(PATH);
            peer.frame(RawHttp2Peer.DATA, 0, slow, 0, 0, 0, 1, 0, 1);
            assertThat(peer.status(silent)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(peer.status(slow)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertRefused(rig, Map.of(RefusalReason.FIRST_MESSAGE, 1, RefusalReason.SLOW_BODY, 1));
        }
    }

    @Test
    void shouldCountCallsThatArriveBeyondTheLimit() {
        try (EchoRig rig = echo(TestLimits.arriving(4, NEVER, 1));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            assertThat(firstStatus(peer, 5)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertRefused(rig, Map.of(RefusalReason.ARRIVALS, 1));
        }
    }

    /** Opens so many calls, which the server sees in any order, and waits until one ends. */
    private static Object firstStatus(RawHttp2Peer peer, int calls) {
        return CompletableFuture.anyOf(IntStream.range(0, calls)
                        .mapToObj(_ -> peer.statusOf(peer.open(PATH)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** Of a call the first 64 KiB are free: one message fits the 48 KiB that one address may hold, two do not. */
    @Test
    void shouldCountMessagesThatDoNotFitTheMemory() throws Exception {
        DescribeRequest large = DescribeRequest.parseFrom(message(100_000));
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<StreamObserver<Description>> first = new CompletableFuture<>();
        try (EchoRig rig = new EchoRig(
                (request, client) -> {
                    first.complete(client);
                    running.countDown();
                },
                TestLimits.messages(1 << 20, 64 << 10))) {
            CompletableFuture<Optional<Failure>> served = CompletableFuture.supplyAsync(() -> rig.failureOf(large));
            running.await();
            assertThat(rig.failureOf(large)).containsInstanceOf(Failure.Overloaded.class);
            assertRefused(rig, Map.of(RefusalReason.MEMORY, 1));
            answer(large, first.join());
            assertThat(served.join()).isEmpty();
        }
    }

    @Test
    void shouldCountMessagesThatAreTooLarge() {
        try (EchoRig rig = echo(TestLimits.messages(1000, 8 << 20));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int stream = peer.open(PATH);
            peer.message(stream, false, message(1001));
            peer.status(stream);
            assertRefused(rig, Map.of(RefusalReason.MESSAGE_TOO_LARGE, 1));
        }
    }

    @Test
    void shouldCountMessagesThatCannotBeRead() {
        try (EchoRig rig = echo(TestLimits.messages(1000, 8 << 20));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            int stream = peer.open(PATH);
            peer.message(stream, false, "no protobuf".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.status(stream)).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertRefused(rig, Map.of(RefusalReason.MALFORMED_REQUEST, 1));
        }
    }

    @Test
    void shouldCountCallsOfMethodsThatItDoesNotKnow() {
        try (EchoRig rig = echo(TestLimits.calls(10, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            assertThat(peer.status(peer.open("/test.Echo/Unknown"))).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertRefused(rig, Map.of(RefusalReason.UNKNOWN_PATH, 1));
        }
    }

    @Test
    void shouldCountConnectionsThatStaySilent() {
        try (EchoRig rig = echo(TestLimits.connections(new ConnectionLimits(10, 8, 5, SOON, 100, 100)));
                RawHttp2Peer silent = RawHttp2Peer.silent(InetAddress.getLoopbackAddress(), rig.process.port())) {
            silent.ended().join();
            assertRefused(rig, Map.of(RefusalReason.SILENT_CONNECTION, 1));
        }
    }

    /** The fourth takes the place of the oldest; once all have calls there is no place to take. */
    @Test
    void shouldCountConnectionsThatGiveRoomAndThoseThatFindNone() throws Exception {
        CountDownLatch running = new CountDownLatch(3);
        try (EchoRig rig = new EchoRig(
                (request, client) -> running.countDown(),
                TestLimits.connections(new ConnectionLimits(3, 3, 3, NEVER, 100, 100)))) {
            List<RawHttp2Peer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    peers.add(RawHttp2Peer.connect(rig.process.port()));
                    int asked = peers.getLast().open("/grpc.health.v1.Health/Check");
                    peers.getLast().message(asked, false, EMPTY);
                    assertThat(peers.getLast().status(asked)).isEqualTo(Status.Code.OK);
                }
                peers.getFirst().ended().join();
                assertRefused(rig, Map.of(RefusalReason.IDLE_CONNECTION, 1));
                for (RawHttp2Peer peer : peers.subList(1, 4)) {
                    peer.message(peer.open(PATH), false, EMPTY);
                }
                running.await();
                peers.add(RawHttp2Peer.silent(InetAddress.getLoopbackAddress(), rig.process.port()));
                peers.getLast().ended().join();
                assertRefused(rig, Map.of(RefusalReason.IDLE_CONNECTION, 1, RefusalReason.CONNECTIONS, 1));
            } finally {
                peers.forEach(RawHttp2Peer::close);
            }
        }
    }

    @Test
    void shouldCountConnectionsThatFloodIt() {
        try (EchoRig rig = echo(TestLimits.connections(new ConnectionLimits(10, 8, 5, NEVER, 10, 100)));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            flood(peer, () -> peer.frame(77, 0, 0));
            assertRefused(rig, Map.of(RefusalReason.HTTP2_FLOOD, 1));
        }
    }

    @Test
    void shouldCountConnectionsThatResetTooManyStreams() {
        try (EchoRig rig = echo(TestLimits.resets(10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            flood(peer, () -> peer.frame(RawHttp2Peer.RST_STREAM, 0, peer.open(PATH), 0, 0, 0, 8));
            assertRefused(rig, Map.of(RefusalReason.HTTP2_FLOOD, 1));
        }
    }

    @Test
    void shouldCountFramesThatBreakTheRules() {
        try (EchoRig rig = echo(TestLimits.calls(10, 10));
                RawHttp2Peer peer = RawHttp2Peer.connect(rig.process.port())) {
            peer.greeted().join();
            peer.frame(RawHttp2Peer.DATA, 0, 0, 1);
            peer.ended().join();
            assertRefused(rig, Map.of(RefusalReason.MALFORMED_REQUEST, 1));
        }
    }

    private static void flood(RawHttp2Peer peer, Runnable frame) {
        CompletableFuture<Void> ended = peer.ended();
        try {
            while (!ended.isDone()) {
                frame.run();
            }
        } catch (UncheckedIOException closed) {
            // What was to be seen.
        }
        ended.join();
    }

    /** A message of that size with one unknown field. */
    private static byte[] message(int size) {
        byte[] message = new byte[size];
        // Field 100, of bytes; their number takes three bytes.
        int length = size - 5;
        message[0] = (byte) 0xa2;
        message[1] = 6;
        message[2] = (byte) (length & 0x7f | 0x80);
        message[3] = (byte) (length >> 7 & 0x7f | 0x80);
        message[4] = (byte) (length >> 14);
        return message;
    }
}

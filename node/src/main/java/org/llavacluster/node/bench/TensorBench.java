package org.llavacluster.node.bench;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeServer;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.ProjectorGrpc;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;

/**
 * Measures a pull of embeddings through the server, connection, cache and marshaller of the services, on loopback,
 * beside a plain socket copy of the same bytes. Both end in the same native memory, allocated before. Their rounds
 * alternate, so that other load affects both.
 */
public final class TensorBench {

    /** The embeddings of one image of a 7B model: 576 rows of 4096. */
    private static final long ROWS = 576;

    private static final long HIDDEN = 4096;

    /**
     * One tensor, both ways.
     *
     * @param dataType element type: 4.72 MB for the 16-bit ones, 9.44 MB for f32
     */
    public record Result(DataType dataType, TransferTimes pull, TransferTimes socket) {

        /** The pull's throughput as a fraction of the plain socket's, at the medians. */
        public double fraction() {
            return pull.gigabytesPerSecond() / socket.gigabytesPerSecond();
        }
    }

    private TensorBench() {}

    /** One result for f16 and one for f32. */
    public static List<Result> run(int warmupRounds, int rounds) throws IOException {
        List<Result> results = new ArrayList<>();
        for (DataType dataType : List.of(DataType.DATA_TYPE_F16, DataType.DATA_TYPE_F32)) {
            results.add(measure(dataType, warmupRounds, rounds));
        }
        return results;
    }

    private static Result measure(DataType dataType, int warmupRounds, int rounds) throws IOException {
        ByteString key = ByteString.copyFromUtf8("embeddings");
        TensorLayout layout = new TensorLayout(key, dataType, List.of(ROWS, HIDDEN));
        byte[] bytes = new byte[Math.toIntExact(layout.byteSize())];
        new Random(1).nextBytes(bytes);
        try (Arena arena = Arena.ofShared();
                PullPath pulls = new PullPath(CachedTensor.onHeap(layout, bytes));
                SocketPath socket = new SocketPath(bytes)) {
            MemorySegment destination = arena.allocate(bytes.length, 64);
            long[] pullNanos = new long[rounds];
            long[] socketNanos = new long[rounds];
            for (int round = -warmupRounds; round < rounds; round++) {
                long start = Clock.SYSTEM.nanoTime();
                pulls.pull(destination);
                long between = Clock.SYSTEM.nanoTime();
                socket.copy(destination);
                long end = Clock.SYSTEM.nanoTime();
                if (round >= 0) {
                    pullNanos[round] = between - start;
                    socketNanos[round] = end - between;
                }
            }
            return new Result(
                    dataType, new TransferTimes(bytes.length, pullNanos), new TransferTimes(bytes.length, socketNanos));
        }
    }

    /** A projector with the tensor, and a decoder's connection to it. */
    private static final class PullPath implements AutoCloseable {

        private final CachedTensor tensor;
        private final TensorCache<ByteString> cache;
        private final NodeServer server;
        private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
        private final ChannelPool channels;
        private final PullEmbeddingsRequest request;
        private final ExpectedTensor expected;

        PullPath(CachedTensor tensor) {
            this.tensor = tensor;
            SimpleMeterRegistry metrics = new SimpleMeterRegistry();
            cache = new TensorCache<>("bench", tensor.bytes().byteSize(), 1, Clock.SYSTEM, metrics);
            cache.begin(tensor.layout().key(), tensor.bytes().byteSize())
                    .orElseThrow()
                    .complete(tensor);
            TensorSender<PullEmbeddingsRequest> sender = new TensorSender<>(
                    (asked, waiter) -> cache.find(asked.getImage().getEmbeddingKey(), waiter), Clock.SYSTEM);
            server = NodeServer.start(
                    new InetSocketAddress("127.0.0.1", 0),
                    ServerLimits.cluster(),
                    List.of(TensorSender.serve(
                            new ProjectorGrpc.ProjectorImplBase() {}.bindService(),
                            TensorMethods.PULL_EMBEDDINGS,
                            sender)),
                    new CallGate(4),
                    metrics,
                    Clock.SYSTEM);
            channels = new ChannelPool(
                    Membership.of(List.of(new Member("projector-0", MemberRole.PROJECTOR, "127.0.0.1", server.port()))),
                    timers);
            PullEmbeddingsRequest.Builder asking = PullEmbeddingsRequest.newBuilder();
            asking.getImageBuilder().setEmbeddingKey(tensor.layout().key());
            request = asking.build();
            expected = new ExpectedTensor(
                    tensor.layout().key(),
                    Set.of(tensor.layout().dataType()),
                    tensor.layout().shape(),
                    tensor.bytes().byteSize());
        }

        void pull(MemorySegment destination) {
            TensorAllocator given = new TensorAllocator() {
                @Override
                public MemorySegment allocate(TensorLayout layout) {
                    return destination;
                }

                @Override
                public void free(MemorySegment memory) {}
            };
            PullOutcome outcome = TensorPuller.pull(
                            channels.channel("projector-0"),
                            TensorMethods.PULL_EMBEDDINGS,
                            CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                            request,
                            expected,
                            given)
                    .outcome()
                    .join();
            if (!(outcome instanceof PullOutcome.Ready)) {
                throw new IllegalStateException("the pull ended with " + outcome);
            }
        }

        @Override
        public void close() {
            channels.close();
            server.stop();
            timers.shutdownNow();
            cache.close();
        }
    }
}

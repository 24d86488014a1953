package org.llavacluster.decoder.service;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeServer;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.SolePin;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.tensor.TensorWaiter;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.ProjectorGrpc;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;

/** A projector on loopback that has exactly the embeddings it was given. */
final class FakeProjector implements TensorSender.Source<PullEmbeddingsRequest>, AutoCloseable {

    final Member member;
    final AtomicInteger pulls = new AtomicInteger();
    /** Waiting pulls of keys that are being computed. */
    final BlockingQueue<TensorWaiter> parked = new LinkedBlockingQueue<>();

    private final Map<ByteString, CachedTensor> held = new ConcurrentHashMap<>();
    private final Map<ByteString, Boolean> making = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final NodeServer server;

    FakeProjector(String id) {
        server = NodeServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                ServerLimits.cluster(),
                List.of(TensorSender.serve(
                        new ProjectorGrpc.ProjectorImplBase() {}.bindService(),
                        TensorMethods.PULL_EMBEDDINGS,
                        new TensorSender<>(this, Clock.SYSTEM))),
                new CallGate(100),
                new SimpleMeterRegistry(),
                Clock.SYSTEM);
        member = new Member(id, MemberRole.PROJECTOR, "127.0.0.1", server.port());
    }

    /**
     * @param embeddings [rows, hidden] F32
     */
    void put(ByteString key, HostTensor embeddings) {
        byte[] bytes = embeddings.bytes().toArray(ValueLayout.JAVA_BYTE);
        List<Long> shape = List.of(embeddings.shape()[0], embeddings.shape()[1]);
        held.put(
                key,
                CachedTensor.of(
                        new TensorLayout(key, DataType.DATA_TYPE_F32, shape), MemorySegment.ofArray(bytes), () -> {}));
    }

    void drop(ByteString key) {
        held.remove(key);
    }

    /** Pulls of that key wait in {@link #parked}. */
    void make(ByteString key) {
        making.put(key, true);
    }

    TensorAnswer answer(ByteString key) {
        CachedTensor tensor = held.get(key);
        return tensor == null ? new TensorAnswer.Absent() : new TensorAnswer.Ready(new SolePin(tensor));
    }

    @Override
    public void pull(PullEmbeddingsRequest request, TensorWaiter waiter) {
        pulls.incrementAndGet();
        ByteString key = request.getImage().getEmbeddingKey();
        if (making.containsKey(key)) {
            waiter.pending();
            parked.add(waiter);
        } else {
            waiter.answer(answer(key));
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.stop();
        }
    }
}

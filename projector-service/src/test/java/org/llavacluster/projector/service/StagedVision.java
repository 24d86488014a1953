package org.llavacluster.projector.service;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;

/** A vision node on loopback that answers pulls when the test says so. */
final class StagedVision implements AutoCloseable {

    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final List<Asked> asked = new ArrayList<>();
    private final NodeServer server;
    private final String id;
    private int left;

    private record Asked(PullFeaturesRequest request, TensorWaiter waiter) {}

    StagedVision() {
        this("vision-0");
    }

    StagedVision(String id) {
        this.id = id;
        server = NodeServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                ServerLimits.cluster(),
                List.of(TensorSender.serve(
                        new VisionGrpc.VisionImplBase() {}.bindService(),
                        TensorMethods.PULL_FEATURES,
                        new TensorSender<>(this::park, Clock.SYSTEM))),
                new CallGate(100),
                new SimpleMeterRegistry(),
                Clock.SYSTEM);
    }

    private void park(PullFeaturesRequest request, TensorWaiter waiter) {
        synchronized (this) {
            asked.add(new Asked(request, waiter));
        }
        waiter.pending();
        waiter.onLeave(this::leave);
    }

    private synchronized void leave() {
        left++;
    }

    Member member() {
        return new Member(id, MemberRole.VISION, "127.0.0.1", server.port());
    }

    /** Number of pulls received. */
    synchronized int pulls() {
        return asked.size();
    }

    /** Number of pulls cancelled before their answer. */
    synchronized int left() {
        return left;
    }

    /** Answers the newest pull. */
    synchronized void answer(TensorAnswer answer) {
        asked.getLast().waiter().answer(answer);
    }

    /** Answers the newest pull with zeros {@code [rows, 48]}. */
    synchronized void answerZeros(long rows) {
        TensorLayout layout =
                new TensorLayout(asked.getLast().request().getFeatureKey(), DataType.DATA_TYPE_F32, List.of(rows, 48L));
        answer(new TensorAnswer.Ready(
                new SolePin(CachedTensor.onHeap(layout, new byte[Math.toIntExact(layout.byteSize())]))));
    }

    /** Waits for an effect of other threads; fails if it does not come. */
    static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("what the test waits for does not happen");
            }
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}

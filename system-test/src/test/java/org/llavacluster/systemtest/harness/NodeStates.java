package org.llavacluster.systemtest.harness;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.WatchRequest;

/** Follows a worker's Watch stream. */
public final class NodeStates implements StreamObserver<NodeState> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private NodeState newest;

    public static NodeStates of(ManagedChannel channel) {
        NodeStates states = new NodeStates();
        NodeGrpc.newStub(channel).watch(WatchRequest.getDefaultInstance(), states);
        return states;
    }

    /** Waits for a state that fulfils the condition and returns it. */
    public NodeState await(String description, Duration patience, Predicate<NodeState> condition)
            throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (newest == null || !condition.test(newest)) {
                if (left <= 0) {
                    throw new AssertionError("not within " + patience + ": " + description + "; newest: " + newest);
                }
                left = changed.awaitNanos(left);
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(NodeState state) {
        lock.lock();
        try {
            newest = state;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
}

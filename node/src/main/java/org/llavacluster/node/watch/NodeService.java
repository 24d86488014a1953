package org.llavacluster.node.watch;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.WatchRequest;

/** Describe and Watch. Each watcher gets the newest state when it can receive one; states in between are skipped. */
public final class NodeService extends NodeGrpc.NodeImplBase {

    private final Description description;
    private final NodeStateBoard board;

    public NodeService(Description description, NodeStateBoard board) {
        this.description = description;
        this.board = board;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<Description> observer) {
        observer.onNext(description);
        observer.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<NodeState> observer) {
        Watcher watcher = new Watcher((ServerCallStreamObserver<NodeState>) observer);
        watcher.start();
    }

    /** One call of Watch. Its only state is the number of the last state sent. */
    private final class Watcher {

        private final ServerCallStreamObserver<NodeState> observer;
        private Subscription subscription = () -> {};
        private long sent = -1;
        private boolean over;

        Watcher(ServerCallStreamObserver<NodeState> observer) {
            this.observer = observer;
        }

        void start() {
            observer.setOnReadyHandler(this::tell);
            observer.setOnCancelHandler(this::end);
            synchronized (this) {
                subscription = board.onChange(this::tell);
            }
            tell();
        }

        private synchronized void tell() {
            if (over) {
                return;
            }
            NodeState newest = board.current();
            if (newest.getSequence() > sent && observer.isReady()) {
                sent = newest.getSequence();
                observer.onNext(newest);
            }
            if (board.isClosed()) {
                end();
                observer.onCompleted();
            }
        }

        private synchronized void end() {
            over = true;
            subscription.close();
        }
    }
}

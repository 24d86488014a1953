package org.llavacluster.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.WatchRequest;

/** Watch against a client whose readiness the test sets. */
class NodeServiceTest {

    private static final class HandDrivenObserver extends ServerCallStreamObserver<NodeState> {

        final List<NodeState> told = new ArrayList<>();
        boolean ready = true;
        boolean completed;
        Runnable onReady;
        Runnable onCancel;

        @Override
        public void onNext(NodeState state) {
            told.add(state);
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        @Override
        public void onError(Throwable t) {
            throw new AssertionError(t);
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void disableAutoRequest() {}
    }

    private final NodeStateBoard board = new NodeStateBoard(42);
    private final NodeService service = new NodeService(Description.getDefaultInstance(), board);
    private final HandDrivenObserver observer = new HandDrivenObserver();

    private void publish(int running) {
        board.publish(
                state -> state.setRunning(running).setEpoch(7).setSequence(99).setDraining(true));
    }

    @Test
    void shouldBeginWithASnapshotAndTellEveryChange() {
        publish(1);
        service.watch(WatchRequest.getDefaultInstance(), observer);
        publish(2);
        publish(3);
        assertThat(observer.told)
                .extracting(NodeState::getRunning, NodeState::getSequence, NodeState::getEpoch, NodeState::getDraining)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, 1L, 42L, false),
                        org.assertj.core.groups.Tuple.tuple(2, 2L, 42L, false),
                        org.assertj.core.groups.Tuple.tuple(3, 3L, 42L, false));
    }

    @Test
    void shouldGiveASlowWatcherTheNewestOnly() {
        service.watch(WatchRequest.getDefaultInstance(), observer);
        observer.ready = false;
        for (int i = 0; i < 10_000; i++) {
            publish(i);
        }
        assertThat(observer.told).hasSize(1);
        observer.ready = true;
        observer.onReady.run();
        observer.onReady.run();
        assertThat(observer.told).extracting(NodeState::getRunning).containsExactly(0, 9999);
    }

    @Test
    void shouldTellThatItDrainsAndEnd() {
        service.watch(WatchRequest.getDefaultInstance(), observer);
        board.draining();
        publish(0);
        assertThat(observer.told).extracting(NodeState::getDraining).containsExactly(false, true, true);
        board.close();
        board.close();
        assertThat(observer.completed).isTrue();
    }

    @Test
    void shouldForgetAWatcherThatLeft() {
        service.watch(WatchRequest.getDefaultInstance(), observer);
        observer.onCancel.run();
        publish(5);
        board.close();
        assertThat(observer.told).hasSize(1);
        assertThat(observer.completed).isFalse();
    }
}

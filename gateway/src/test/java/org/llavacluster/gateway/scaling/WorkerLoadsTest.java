package org.llavacluster.gateway.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.autoscaling.HeldWork;
import org.llavacluster.autoscaling.ScaledRole;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.node.watch.WatchedNode;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;

class WorkerLoadsTest {

    private static final int ROWS_PER_TILE = 576;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private static WatchedNode node(String id, boolean present, NodeState state) {
        return new WatchedNode(
                new Member(id, MemberRole.DECODER, "127.0.0.1", 1),
                Optional.of(Description.getDefaultInstance()),
                Optional.of(state),
                new WorkerEpoch(id, 1),
                present);
    }

    private List<HeldWork> held(ScaledRole role, WatchedNode... nodes) {
        metrics.counter("llava.completion.tokens").increment(500);
        metrics.counter("llava.requests.completed").increment(10);
        AnswerTime answers = new AnswerTime(metrics);
        answers.sample(0);
        return new WorkerLoads(_ -> List.of(nodes), ROWS_PER_TILE).of(role, 0, answers);
    }

    @Test
    void shouldCountRequestsOfDecodersAgainstTheirSlotsAndTheTimeOfAnAnswer() {
        NodeState state = NodeState.newBuilder()
                .setRunning(6)
                .setWaiting(3)
                .setSlots(8)
                .setDecodeTokensPerSecond(25)
                .build();
        // An answer has 50 tokens and takes 2 s.
        assertThat(held(ScaledRole.DECODER, node("d-1", true, state))).containsExactly(new HeldWork("d-1", 9, 8, 4));
    }

    @Test
    void shouldCountTilesOfVisionNodesAndRowsOfProjectors() {
        NodeState state = NodeState.newBuilder()
                .setRunning(2)
                .setQueuedWork(7)
                .setRatePerSecond(40)
                .build();
        assertThat(held(ScaledRole.VISION, node("v-1", true, state))).containsExactly(new HeldWork("v-1", 7, 10, 40));
        assertThat(held(ScaledRole.PROJECTOR, node("p-1", true, state)))
                .containsExactly(new HeldWork("p-1", 2 * ROWS_PER_TILE, 10, 40));
    }

    @Test
    void shouldCountNothingOfWorkersThatAreSilentOrDrain() {
        NodeState busy = NodeState.newBuilder().setRunning(9).setSlots(8).build();
        assertThat(held(
                        ScaledRole.DECODER,
                        node("silent", false, busy),
                        node(
                                "draining",
                                true,
                                busy.toBuilder().setDraining(true).build())))
                .isEmpty();
    }
}

package org.llavacluster.gateway.scaling;

import java.util.List;
import java.util.function.Function;
import org.llavacluster.autoscaling.HeldWork;
import org.llavacluster.autoscaling.ScaledRole;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.watch.WatchedNode;
import org.llavacluster.proto.cluster.v1.NodeState;

/** What the workers hold, as they report it. One that is gone, silent or draining is not among them. */
final class WorkerLoads {

    /** Work that a vision or projector node is given at once, in the time that it takes. */
    private static final double BATCH_SECONDS = 0.25;

    /** Of a decoder that does not say. */
    private static final int UNKNOWN_SLOTS = 32;

    private final Function<MemberRole, List<WatchedNode>> nodes;
    private final int rowsPerTile;

    /** @param rowsPerTile of the model */
    WorkerLoads(Function<MemberRole, List<WatchedNode>> nodes, int rowsPerTile) {
        this.nodes = nodes;
        this.rowsPerTile = rowsPerTile;
    }

    int rowsPerTile() {
        return rowsPerTile;
    }

    List<HeldWork> of(ScaledRole role, long nowNanos, AnswerTime answers) {
        return nodes.apply(MemberRole.valueOf(role.name())).stream()
                .filter(WatchedNode::serving)
                .map(node -> held(role, node, node.state().orElseThrow(), nowNanos, answers))
                .toList();
    }

    private HeldWork held(ScaledRole role, WatchedNode node, NodeState state, long nowNanos, AnswerTime answers) {
        String id = node.member().id();
        double calls = (double) state.getRunning() + state.getWaiting();
        return switch (role) {
            case VISION -> batched(id, Math.max(calls, state.getQueuedWork()), state.getRatePerSecond());
            case PROJECTOR ->
                batched(id, Math.max(calls * rowsPerTile, state.getQueuedWork()), state.getRatePerSecond());
            case DECODER -> {
                int slots = state.getSlots() > 0 ? state.getSlots() : UNKNOWN_SLOTS;
                double seconds = answers.seconds(nowNanos, state.getDecodeTokensPerSecond());
                yield new HeldWork(id, calls, slots, slots / seconds);
            }
        };
    }

    private static HeldWork batched(String id, double amount, double rate) {
        return new HeldWork(id, amount, Math.max(1, rate * BATCH_SECONDS), rate);
    }
}

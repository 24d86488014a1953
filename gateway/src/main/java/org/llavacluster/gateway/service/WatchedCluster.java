package org.llavacluster.gateway.service;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.llavacluster.gateway.placement.ClusterView;
import org.llavacluster.gateway.placement.FlapDamping;
import org.llavacluster.gateway.placement.Worker;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.node.watch.WatchedNode;

/**
 * The members that are watched, those left out that do not answer, drain, are silent, or come and go too often. The
 * last ones of a role are never left out for the latter two: a worker that may fail is better than none.
 */
final class WatchedCluster implements ClusterView {

    private final NodeWatcher watcher;
    private final Clock clock;
    private final FlapDamping damping = new FlapDamping();

    /** By worker id: the epoch seen last. */
    private final Map<String, WorkerEpoch> epochs = new HashMap<>();

    WatchedCluster(NodeWatcher watcher, Clock clock) {
        this.watcher = watcher;
        this.clock = clock;
        watcher.onPresence(this::noteReturns);
    }

    /** A member that appears in another epoch than before was lost in between. */
    private synchronized void noteReturns() {
        for (MemberRole role : MemberRole.values()) {
            for (WatchedNode node : watcher.nodes(role)) {
                if (node.present()) {
                    WorkerEpoch before = epochs.put(node.member().id(), node.epoch());
                    if (before != null && !before.equals(node.epoch())) {
                        damping.penalize(node.member().id(), clock.nanoTime());
                    }
                }
            }
        }
    }

    @Override
    public List<Worker> workers(MemberRole role) {
        List<WatchedNode> nodes = watcher.nodes(role);
        long now = clock.nanoTime();
        List<Worker> steady = workers(
                nodes, node -> node.serving() && !damping.holds(node.member().id(), now));
        if (!steady.isEmpty()) {
            return steady;
        }
        List<Worker> serving = workers(nodes, WatchedNode::serving);
        return serving.isEmpty() ? workers(nodes, WatchedNode::suspect) : serving;
    }

    private static List<Worker> workers(List<WatchedNode> nodes, Predicate<WatchedNode> wanted) {
        return nodes.stream()
                .filter(wanted)
                .map(node -> new Worker(
                        node.member(),
                        node.description().orElseThrow(),
                        node.state().orElseThrow(),
                        node.epoch()))
                .toList();
    }

    @Override
    public boolean present(WorkerEpoch worker) {
        return watcher.find(worker.worker())
                .filter(node -> node.present() && node.epoch().equals(worker))
                .isPresent();
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return watcher.onChange(listener);
    }

    @Override
    public Subscription onPresence(Runnable listener) {
        return watcher.onPresence(listener);
    }

    @Override
    public void failed(WorkerEpoch worker) {
        damping.penalize(worker.worker(), clock.nanoTime());
    }
}

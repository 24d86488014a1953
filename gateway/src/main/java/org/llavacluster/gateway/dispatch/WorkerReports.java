package org.llavacluster.gateway.dispatch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.node.watch.WatchedNode;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;

/** Brings the scheduler what watched workers report, and that they fell silent or are gone. */
final class WorkerReports {

    /** Of a decoder that does not say how many requests it computes at the same time. */
    private static final int UNKNOWN_SLOTS = 1_000;

    private final NodeWatcher watcher;
    private final Consumer<ClusterEvent> scheduler;

    /** By worker id. */
    private final Map<String, KnownWorker> known = new ConcurrentHashMap<>();

    /** By worker id: what was reported last. Only used by the thread that looks. */
    private final Map<String, WatchedNode> reported = new HashMap<>();

    private final AtomicInteger changes = new AtomicInteger();
    private volatile boolean forgotten;

    WorkerReports(NodeWatcher watcher, Consumer<ClusterEvent> scheduler) {
        this.watcher = watcher;
        this.scheduler = scheduler;
    }

    /** The worker of that id, while the scheduler may know it. */
    Optional<KnownWorker> find(String id) {
        return Optional.ofNullable(known.get(id));
    }

    /** The scheduler is a new one, which knows nobody. */
    void reportAgain() {
        forgotten = true;
        changed();
    }

    /** Something changed at workers. One thread looks at a time, so that reports keep their order. */
    void changed() {
        if (changes.getAndIncrement() != 0) {
            return;
        }
        int seen;
        do {
            seen = changes.get();
            look();
        } while (changes.addAndGet(-seen) != 0);
    }

    private void look() {
        if (forgotten) {
            forgotten = false;
            reported.clear();
        }
        Set<String> members = new HashSet<>();
        for (MemberRole role : MemberRole.values()) {
            for (WatchedNode node : watcher.nodes(role)) {
                members.add(node.member().id());
                if (reported.put(node.member().id(), node) != node) {
                    report(role, node);
                }
            }
        }
        if (reported.keySet().retainAll(members)) {
            known.values().stream()
                    .filter(worker -> !members.contains(worker.member().id()))
                    .forEach(this::lost);
        }
    }

    private void report(MemberRole role, WatchedNode node) {
        KnownWorker before = known.get(node.member().id());
        if (node.present() && node.description().isPresent() && node.state().isPresent()) {
            Description description = node.description().get();
            known.put(
                    node.member().id(),
                    new KnownWorker(node.member(), node.epoch(), description.getNumericsId(), false));
            scheduler.accept(new ClusterEvent.WorkerReported(
                    report(role, node, description, node.state().get())));
        } else if (before != null && !node.present()) {
            boolean same = before.epoch().equals(node.epoch());
            if (same && node.description().isPresent()) {
                known.put(node.member().id(), before.fallenSilent());
                scheduler.accept(new ClusterEvent.WorkerSilent(
                        node.member().id(), before.epoch().epoch()));
            } else {
                lost(before);
            }
        }
        // A connection that broke says nothing yet: the worker is asked again.
    }

    private void lost(KnownWorker worker) {
        known.remove(worker.member().id(), worker);
        scheduler.accept(
                new ClusterEvent.WorkerLost(worker.member().id(), worker.epoch().epoch()));
    }

    private static WorkerReport report(MemberRole role, WatchedNode node, Description description, NodeState state) {
        long kvTokens = (long) description.getDecoder().getKvBlocks()
                * description.getDecoder().getKvBlockTokens();
        int waiting = state.getRunning() + state.getWaiting();
        return new WorkerReport(
                node.member().id(),
                WorkerRole.valueOf(role.name()),
                node.epoch().epoch(),
                Serving.identity(description),
                state.getDraining(),
                state.getSlots() > 0 ? state.getSlots() : UNKNOWN_SLOTS,
                state.getRunning(),
                state.getWaiting(),
                role == MemberRole.DECODER ? state.getQueuedWork() : Math.max(waiting, state.getQueuedWork()),
                state.getRatePerSecond(),
                state.getDecodeTokensPerSecond(),
                kvTokens);
    }
}

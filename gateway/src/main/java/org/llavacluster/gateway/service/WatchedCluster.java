package org.llavacluster.gateway.service;

import java.util.List;
import org.llavacluster.gateway.placement.ClusterView;
import org.llavacluster.gateway.placement.Worker;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.node.watch.WatchedNode;

/** The members that are watched, those left out that do not answer or drain. */
final class WatchedCluster implements ClusterView {

    private final NodeWatcher watcher;

    WatchedCluster(NodeWatcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public List<Worker> workers(MemberRole role) {
        return watcher.nodes(role).stream()
                .filter(WatchedNode::serving)
                .map(node -> new Worker(
                        node.member(),
                        node.description().orElseThrow(),
                        node.state().orElseThrow()))
                .toList();
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return watcher.onChange(listener);
    }
}

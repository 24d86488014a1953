package org.llavacluster.gateway.service;

import java.util.List;
import java.util.function.Predicate;
import org.llavacluster.gateway.placement.ClusterView;
import org.llavacluster.gateway.placement.Worker;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.watch.NodeWatcher;
import org.llavacluster.node.watch.WatchedNode;

/**
 * The members that are watched, those left out that do not answer, drain or are silent. Where all of a role are silent
 * they count: they may be heard of again.
 */
final class WatchedCluster implements ClusterView {

    private final NodeWatcher watcher;

    WatchedCluster(NodeWatcher watcher) {
        this.watcher = watcher;
    }

    @Override
    public List<Worker> workers(MemberRole role) {
        List<WatchedNode> nodes = watcher.nodes(role);
        List<Worker> serving = workers(nodes, WatchedNode::serving);
        return serving.isEmpty() ? workers(nodes, WatchedNode::suspect) : serving;
    }

    private static List<Worker> workers(List<WatchedNode> nodes, Predicate<WatchedNode> wanted) {
        return nodes.stream()
                .filter(wanted)
                .map(node -> new Worker(node.member(), node.description().orElseThrow()))
                .toList();
    }
}

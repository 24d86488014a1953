package org.llavacluster.node.watch;

import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/** Describe and Watch. A slow watcher gets the newest state only. */
public final class NodeService extends NodeGrpc.NodeImplBase {

    public NodeService(Description description, NodeStateBoard board) {
        throw new UnsupportedOperationException(description + " " + board);
    }
}

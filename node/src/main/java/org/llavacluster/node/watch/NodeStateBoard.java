package org.llavacluster.node.watch;

import java.util.function.UnaryOperator;
import org.llavacluster.proto.cluster.v1.NodeState;

/** The newest state of this node. Epoch, sequence and draining are set here; the application sets the rest. */
public final class NodeStateBoard {

    public NodeStateBoard(long epoch) {
        throw new UnsupportedOperationException("" + epoch);
    }

    public NodeState current() {
        throw new UnsupportedOperationException();
    }

    /** Changes the state and tells all watchers; must not block and does not, however slow a watcher is. */
    public void publish(UnaryOperator<NodeState.Builder> change) {
        throw new UnsupportedOperationException();
    }

    public void draining() {
        throw new UnsupportedOperationException();
    }
}

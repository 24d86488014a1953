package org.llavacluster.node.watch;

import java.util.function.UnaryOperator;
import org.llavacluster.node.membership.Listeners;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.proto.cluster.v1.NodeState;

/**
 * The newest state of this node. Epoch, sequence and draining are set here; the application sets the rest. Threads may
 * publish at once: each change is applied to the newest state.
 */
public final class NodeStateBoard {

    private final Listeners listeners = new Listeners();
    private NodeState newest;
    private boolean draining;
    private boolean closed;

    public NodeStateBoard(long epoch) {
        this.newest = NodeState.newBuilder().setEpoch(epoch).build();
    }

    public synchronized NodeState current() {
        return newest;
    }

    /** Changes the state and tells all watchers; never blocks, however slow a watcher is. */
    public void publish(UnaryOperator<NodeState.Builder> change) {
        synchronized (this) {
            NodeState before = newest;
            newest = change.apply(before.toBuilder())
                    .setEpoch(before.getEpoch())
                    .setSequence(before.getSequence() + 1)
                    .setDraining(draining)
                    .build();
        }
        listeners.changed();
    }

    public void draining() {
        synchronized (this) {
            draining = true;
        }
        publish(state -> state);
    }

    /** Nothing comes any more: watchers' streams end. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        listeners.changed();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }
}

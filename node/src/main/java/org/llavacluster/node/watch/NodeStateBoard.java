package org.llavacluster.node.watch;

import java.util.function.UnaryOperator;
import org.llavacluster.node.membership.ChangeListeners;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.proto.cluster.v1.NodeState;

/**
 * The newest state of this node. This class sets epoch, sequence and draining; the application sets the rest. Threads
 * may publish concurrently: each change applies to the newest state.
 */
public final class NodeStateBoard {

    private final ChangeListeners listeners = new ChangeListeners();
    private NodeState newest;
    private boolean draining;
    private boolean closed;

    public NodeStateBoard(long epoch) {
        this.newest = NodeState.newBuilder().setEpoch(epoch).build();
    }

    public synchronized NodeState current() {
        return newest;
    }

    /** Changes the state and notifies all watchers; never blocks, however slow a watcher is. */
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

    /** Ends all watchers' streams, because no further states follow. */
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

package org.llavacluster.node.watch;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.channel.ChannelPool;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;

/** Watches all members and keeps the newest state of each; reconnects by itself. */
public final class NodeWatcher implements AutoCloseable {

    public NodeWatcher(Membership membership, ChannelPool channels, ScheduledExecutorService timers) {
        throw new UnsupportedOperationException("" + membership + channels + timers);
    }

    /** All members of that role, ordered by id, connected or not. Cheap, never blocks. */
    public List<WatchedNode> nodes(MemberRole role) {
        throw new UnsupportedOperationException();
    }

    public Optional<WatchedNode> find(String id) {
        throw new UnsupportedOperationException();
    }

    /** Called after every change, on any thread; must not block. Closing the result ends it. */
    public Subscription onChange(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

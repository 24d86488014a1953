package org.llavacluster.node.watch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.membership.ChangeListeners;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.Subscription;

/** Watches all members and keeps the newest state of each; reconnects automatically. */
public final class NodeWatcher implements AutoCloseable {

    private final Membership membership;
    private final ChannelPool channels;
    private final ScheduledExecutorService timers;
    private final ChangeListeners listeners = new ChangeListeners();
    private final Map<String, NodeWatch> watches = new HashMap<>();
    private final Subscription changes;
    private boolean closed;

    public NodeWatcher(Membership membership, ChannelPool channels, ScheduledExecutorService timers) {
        this.membership = membership;
        this.channels = channels;
        this.timers = timers;
        this.changes = membership.onChange(this::follow);
        follow();
    }

    /** All members of that role, ordered by id, connected or not. Cheap; never blocks. */
    public List<WatchedNode> nodes(MemberRole role) {
        return membership.members(role).stream().map(this::watched).toList();
    }

    public Optional<WatchedNode> find(String id) {
        return membership.find(id).map(this::watched);
    }

    /** Calls the listener after every change, on any thread; it must not block. */
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    private synchronized WatchedNode watched(Member member) {
        NodeWatch watch = watches.get(member.id());
        return watch == null || !watch.member().equals(member)
                ? new WatchedNode(member, Optional.empty(), Optional.empty())
                : watch.newest();
    }

    /** Starts to watch new members and stops for members that were removed or moved. */
    private void follow() {
        synchronized (this) {
            if (closed) {
                return;
            }
            Map<String, Member> now = new HashMap<>();
            membership.members().forEach(member -> now.put(member.id(), member));
            watches.values().removeIf(watch -> {
                boolean gone = !watch.member().equals(now.get(watch.member().id()));
                if (gone) {
                    watch.close();
                }
                return gone;
            });
            for (Member member : now.values()) {
                watches.computeIfAbsent(member.id(), _ -> {
                    NodeWatch watch = new NodeWatch(member, channels, timers, listeners::changed);
                    timers.execute(watch::connect);
                    return watch;
                });
            }
        }
        listeners.changed();
    }

    @Override
    public synchronized void close() {
        closed = true;
        changes.close();
        watches.values().forEach(NodeWatch::close);
        watches.clear();
    }
}

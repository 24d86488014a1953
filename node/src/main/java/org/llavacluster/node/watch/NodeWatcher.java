package org.llavacluster.node.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.node.membership.ChangeListeners;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.time.Clock;

/** Watches all members and keeps the newest state of each; reconnects automatically. */
public final class NodeWatcher implements AutoCloseable {

    private final Membership membership;
    private final ScheduledExecutorService timers;
    private final WatchSettings shared;
    private final ChangeListeners listeners = new ChangeListeners();
    private final ChangeListeners presence = new ChangeListeners();

    private final ScheduledFuture<?> looks;
    private final Map<String, NodeWatch> watches = new HashMap<>();
    private final Subscription changes;
    private boolean closed;

    /** @param silence after which a member that says nothing is suspect */
    public NodeWatcher(
            Membership membership,
            ChannelPool channels,
            ScheduledExecutorService timers,
            Duration silence,
            Clock clock,
            MeterRegistry metrics) {
        this.membership = membership;
        this.timers = timers;
        Counter late = Counter.builder("llava.watch.late")
                .description("Messages of workers that had been given up before they came")
                .register(metrics);
        this.shared = new WatchSettings(
                channels,
                timers,
                clock,
                silence,
                new AtomicLong(),
                listeners::changed,
                presence::changed,
                late::increment);
        this.looks = timers.scheduleWithFixedDelay(
                this::look, Silence.LOOK_EVERY.toMillis(), Silence.LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Calls the listener after a member appeared, disappeared or fell silent, on any thread; it must not block. */
    public Subscription onPresence(Runnable listener) {
        return presence.add(listener);
    }

    private void look() {
        List<NodeWatch> all;
        synchronized (this) {
            all = List.copyOf(watches.values());
        }
        long now = shared.clock().nanoTime();
        all.forEach(watch -> watch.look(now));
    }

    private synchronized WatchedNode watched(Member member) {
        NodeWatch watch = watches.get(member.id());
        return watch == null || !watch.member().equals(member) ? WatchedNode.unknown(member) : watch.newest();
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
                    NodeWatch watch = new NodeWatch(member, shared);
                    timers.execute(watch::connect);
                    return watch;
                });
            }
        }
        listeners.changed();
        presence.changed();
    }

    @Override
    public synchronized void close() {
        closed = true;
        changes.close();
        looks.cancel(false);
        watches.values().forEach(NodeWatch::close);
        watches.clear();
    }
}

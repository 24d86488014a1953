package org.llavacluster.node.watch;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Member;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.proto.cluster.v1.WatchRequest;

/**
 * Follows one member: describes it, then watches it, and starts again after a pause when either ends. Its knowledge
 * belongs to one connection and is dropped when that breaks, because another process may then be at the address.
 */
final class NodeWatch implements AutoCloseable {

    /** A restarted worker is seen within two seconds. */
    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 1600;
    private static final long DESCRIBE_SECONDS = 5;

    private final Member member;
    private final ChannelPool channels;
    private final ScheduledExecutorService timers;
    private final Runnable changed;
    private Context.CancellableContext attempt = Context.ROOT.withCancellation();
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private WatchedNode newest;
    private boolean closed;

    NodeWatch(Member member, ChannelPool channels, ScheduledExecutorService timers, Runnable changed) {
        this.member = member;
        this.channels = channels;
        this.timers = timers;
        this.changed = changed;
        this.newest = new WatchedNode(member, Optional.empty(), Optional.empty());
    }

    Member member() {
        return member;
    }

    synchronized WatchedNode newest() {
        return newest;
    }

    synchronized void connect() {
        if (closed) {
            return;
        }
        attempt = Context.ROOT.withCancellation();
        Context.CancellableContext current = attempt;
        current.run(() -> {
            try {
                NodeGrpc.newStub(channels.channel(member))
                        .withDeadlineAfter(DESCRIBE_SECONDS, TimeUnit.SECONDS)
                        .describe(DescribeRequest.getDefaultInstance(), new Describing(current));
            } catch (FailureException e) {
                broken(current);
            }
        });
    }

    private void described(Context.CancellableContext of, Description description) {
        synchronized (this) {
            if (closed || of != attempt) {
                return;
            }
            newest = new WatchedNode(member, Optional.of(description), Optional.empty());
        }
        of.run(() -> {
            try {
                NodeGrpc.newStub(channels.channel(member))
                        .watch(WatchRequest.getDefaultInstance(), new Watching(of, description.getEpoch()));
            } catch (FailureException e) {
                broken(of);
            }
        });
    }

    private void told(Context.CancellableContext of, NodeState state) {
        synchronized (this) {
            if (closed || of != attempt) {
                return;
            }
            pauseMillis = FIRST_PAUSE_MILLIS;
            newest = new WatchedNode(member, newest.description(), Optional.of(state));
        }
        changed.run();
    }

    /** Drops its knowledge and retries after a pause. */
    private void broken(Context.CancellableContext of) {
        synchronized (this) {
            if (closed || of != attempt) {
                return;
            }
            attempt = Context.ROOT.withCancellation();
            newest = new WatchedNode(member, Optional.empty(), Optional.empty());
            long jittered = pauseMillis + ThreadLocalRandom.current().nextLong(pauseMillis / 4 + 1);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
            try {
                timers.schedule(this::connect, jittered, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                closed = true; // the process is shutting down
            }
        }
        of.cancel(null);
        changed.run();
    }

    @Override
    public synchronized void close() {
        closed = true;
        attempt.cancel(null);
    }

    private final class Describing implements StreamObserver<Description> {

        private final Context.CancellableContext of;

        Describing(Context.CancellableContext of) {
            this.of = of;
        }

        @Override
        public void onNext(Description description) {
            described(of, description);
        }

        @Override
        public void onError(Throwable t) {
            broken(of);
        }

        @Override
        public void onCompleted() {}
    }

    private final class Watching implements StreamObserver<NodeState> {

        private final Context.CancellableContext of;
        private final long epoch;

        Watching(Context.CancellableContext of, long epoch) {
            this.of = of;
            this.epoch = epoch;
        }

        @Override
        public void onNext(NodeState state) {
            if (state.getEpoch() == epoch) {
                told(of, state);
            } else {
                // The answer comes from another process than the description.
                broken(of);
            }
        }

        @Override
        public void onError(Throwable t) {
            broken(of);
        }

        @Override
        public void onCompleted() {
            broken(of);
        }
    }
}

package org.llavacluster.node.watch;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.WorkerEpoch;
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
    private final WatchSettings shared;
    private final Silence silence;
    private Context.CancellableContext attempt = Context.ROOT.withCancellation();
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /** Of the process that was last described. */
    private long processEpoch;

    private WatchedNode newest;
    private boolean closed;

    NodeWatch(Member member, WatchSettings shared) {
        this.member = member;
        this.shared = shared;
        this.silence = new Silence(shared.silence(), shared.clock().nanoTime());
        this.newest = WatchedNode.unknown(member);
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
                NodeGrpc.newStub(shared.channels().channel(member))
                        .withDeadlineAfter(DESCRIBE_SECONDS, TimeUnit.SECONDS)
                        .describe(DescribeRequest.getDefaultInstance(), new Describing(current));
            } catch (FailureException e) {
                broken(current, false);
            }
        });
    }

    private void described(Context.CancellableContext of, Description description) {
        synchronized (this) {
            if (closed || of != attempt) {
                shared.late().run();
                return;
            }
            boolean same = newest.present() && processEpoch == description.getEpoch();
            processEpoch = description.getEpoch();
            WorkerEpoch epoch = same
                    ? newest.epoch()
                    : new WorkerEpoch(member.id(), shared.epochs().incrementAndGet());
            newest = new WatchedNode(member, Optional.of(description), Optional.empty(), epoch, same);
        }
        of.run(() -> {
            try {
                NodeGrpc.newStub(shared.channels().channel(member))
                        .watch(WatchRequest.getDefaultInstance(), new Watching(of, description.getEpoch()));
            } catch (FailureException e) {
                broken(of, true);
            }
        });
    }

    private void told(Context.CancellableContext of, NodeState state) {
        boolean appeared;
        synchronized (this) {
            if (closed || of != attempt) {
                shared.late().run();
                return;
            }
            silence.heard(shared.clock().nanoTime());
            pauseMillis = FIRST_PAUSE_MILLIS;
            appeared = !newest.present();
            newest = new WatchedNode(member, newest.description(), Optional.of(state), newest.epoch(), true);
        }
        shared.changed().run();
        if (appeared) {
            shared.presence().run();
        }
    }

    /**
     * Called every {@link Silence#LOOK_EVERY}: a member of which nothing was heard for too long is suspect, and is
     * asked anew.
     */
    void look(long nowNanos) {
        Context.CancellableContext givenUp;
        synchronized (this) {
            if (closed || !silence.tooLong(nowNanos) || !newest.present()) {
                return;
            }
            newest = new WatchedNode(member, newest.description(), newest.state(), newest.epoch(), false);
            givenUp = attempt;
            attempt = Context.ROOT.withCancellation();
            connectAfter(0);
        }
        givenUp.cancel(null);
        shared.changed().run();
        shared.presence().run();
    }

    /**
     * Drops its knowledge and retries after a pause.
     *
     * @param present whether the member may still be there: its connection broke, but it did not refuse another one
     */
    private void broken(Context.CancellableContext of, boolean present) {
        boolean disappeared;
        synchronized (this) {
            if (closed || of != attempt) {
                return;
            }
            attempt = Context.ROOT.withCancellation();
            disappeared = newest.present() && !present;
            newest = new WatchedNode(
                    member, Optional.empty(), Optional.empty(), newest.epoch(), newest.present() && present);
            long jittered = pauseMillis + ThreadLocalRandom.current().nextLong(pauseMillis / 4 + 1);
            pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
            connectAfter(jittered);
        }
        of.cancel(null);
        shared.changed().run();
        if (disappeared) {
            shared.presence().run();
        }
    }

    private void connectAfter(long millis) {
        try {
            shared.timers().schedule(this::connect, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            closed = true; // the process is shutting down
        }
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
            broken(of, false);
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
                broken(of, true);
            }
        }

        @Override
        public void onError(Throwable t) {
            broken(of, true);
        }

        @Override
        public void onCompleted() {
            broken(of, true);
        }
    }
}

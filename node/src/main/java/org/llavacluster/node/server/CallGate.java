package org.llavacluster.node.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * Counts the calls that run, of gRPC and of HTTP; caps them, refuses new ones while draining, and waits until the last
 * is over. As each call has at most one task waiting for a thread, the cap also bounds the executor's queue.
 *
 * <p>A process that has {@linkplain #announceEnd announced} its end takes calls while it drains too: a client that has
 * just read an answer sends its next request on that connection, and cannot know better. It does so until no call has
 * run for a second, and for half of the drain timeout at most.
 */
public final class CallGate {

    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    /** Time after the last call in which its client may still send another on the same connection. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private enum Phase {
        OPEN,
        LEAVING,
        /** Only clients that have a connection still call. */
        DRAINING,
        SHUT
    }

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Map<String, Supplier<Optional<Refusal>>> queues = new ConcurrentHashMap<>();
    private int running;
    private long entered;
    private Phase phase = Phase.OPEN;

    public CallGate(int limit) {
        this.limit = limit;
    }

    /** Admits a call, which must {@link #leave} once, or returns why not. */
    public Optional<Refusal> enter() {
        lock.lock();
        try {
            Optional<Refusal> refused = refusal();
            if (refused.isEmpty()) {
                running++;
                entered++;
            }
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** Why {@link #enter} would refuse a call now; empty if it would not. */
    public Optional<Refusal> closed() {
        lock.lock();
        try {
            return refusal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether clients shall send their next call on another connection, because the process will end. */
    public boolean endsConnections() {
        lock.lock();
        try {
            return phase != Phase.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Calls of that gRPC method are refused, before their message is read, while there is a reason for it.
     *
     * @param full the reason; called often and by any thread
     */
    public void refuseWhile(String method, Supplier<Optional<Refusal>> full) {
        queues.put(method, full);
    }

    /** Why a call of that method is refused now without reading its message; empty if it is not. */
    public Optional<Refusal> closed(String method) {
        return closed().or(() -> queues.getOrDefault(method, Optional::empty).get());
    }

    private Optional<Refusal> refusal() {
        if (phase == Phase.SHUT) {
            return Optional.of(new Refusal(RefusalReason.DRAINING, new Failure.Unavailable("the node is draining")));
        }
        return running >= limit
                ? Optional.of(new Refusal(
                        RefusalReason.CALLS,
                        new Failure.Overloaded("the limit of " + limit + " running calls is reached", RETRY_AFTER)))
                : Optional.empty();
    }

    public void leave() {
        lock.lock();
        try {
            if (--running < 0) {
                throw new IllegalStateException("a call left twice");
            }
            if (running == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    public int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** The process will drain soon. Calls are taken as before. */
    void announceEnd() {
        lock.lock();
        try {
            if (phase == Phase.OPEN) {
                phase = Phase.LEAVING;
            }
        } finally {
            lock.unlock();
        }
    }

    void drain() {
        lock.lock();
        try {
            phase = phase == Phase.LEAVING ? Phase.DRAINING : Phase.SHUT;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no call runs and none will come; false if some still run after that time. */
    public boolean awaitIdle(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        long forLastCalls = left / 2;
        long quiet = QUIET.toNanos();
        lock.lock();
        try {
            while (running > 0 || phase == Phase.DRAINING && quiet > 0) {
                if (phase == Phase.DRAINING && left <= forLastCalls) {
                    phase = Phase.SHUT;
                } else if (left <= 0) {
                    return false;
                } else {
                    long before = entered;
                    boolean busy = running > 0;
                    long most = phase == Phase.DRAINING ? left - forLastCalls : left;
                    long waited = awaitChange(busy ? most : Math.min(most, quiet));
                    left -= waited;
                    quiet = busy || entered != before ? QUIET.toNanos() : quiet - waited;
                }
            }
            phase = phase == Phase.DRAINING ? Phase.SHUT : phase;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits that long at most, in nanoseconds, and returns how long it was. */
    private long awaitChange(long nanos) throws InterruptedException {
        return nanos - idle.awaitNanos(nanos);
    }
}

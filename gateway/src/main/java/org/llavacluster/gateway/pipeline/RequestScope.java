package org.llavacluster.gateway.pipeline;

import io.grpc.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.RequestId;

/**
 * The life of one request: its arrival, its deadline, its caller's presence, and the only place where its thread waits.
 * A change that the thread may wait for must be followed by a call of {@link #wake}.
 */
public final class RequestScope {

    private final String requestId;
    private final RequestOwner owner;
    private final Clock clock;
    private final long arrivedAt;
    private final Duration time;
    private final RequestTrace trace;

    /** Null until the request has one. */
    private volatile Thread thread;

    private volatile boolean cancelled;
    private final Departure departure = new Departure();

    /**
     * Begins now.
     *
     * @param time until the deadline
     */
    public RequestScope(String requestId, RequestOwner owner, Duration time, Clock clock, RequestTrace trace) {
        this.requestId = requestId;
        this.owner = owner;
        this.clock = clock;
        this.arrivedAt = clock.nanoTime();
        this.time = time;
        this.trace = trace;
    }

    /** The calling thread now belongs to the request. */
    void enter() {
        thread = Thread.currentThread();
        // For as long as the thread lives.
        Context unused = CallTrace.in(RequestId.in(Context.ROOT, requestId), trace.context())
                .attach();
    }

    public String requestId() {
        return requestId;
    }

    RequestTrace trace() {
        return trace;
    }

    RequestOwner owner() {
        return owner;
    }

    /** The request's time limit, from its caller or the default. */
    public Duration time() {
        return time;
    }

    /** The time of the clock that the request lives by, in nanoseconds. */
    long now() {
        return clock.nanoTime();
    }

    public Duration elapsed() {
        return Duration.ofNanos(clock.nanoTime() - arrivedAt);
    }

    public Duration remaining() {
        return time.minus(elapsed());
    }

    /** The caller has left. On any thread, any number of times. */
    public void cancel() {
        departure.at(clock.nanoTime());
        cancelled = true;
        wake();
    }

    /** When the caller left. */
    Departure departure() {
        return departure;
    }

    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends the request if its caller has left or its deadline has passed. */
    public void check() {
        if (cancelled) {
            throw new FailureException(new Failure.Cancelled("the caller cancelled the request"));
        }
        if (!remaining().isPositive()) {
            throw new FailureException(new Failure.Expired("the deadline of " + time.toMillis() + " ms is over"));
        }
    }

    /** Waits until the condition holds or {@link #check} ends the request. Only this thread reads the condition. */
    public void await(BooleanSupplier condition) {
        await(condition, Optional::empty);
    }

    /** @param nextLook when the condition may hold without anybody's {@link #wake}; empty for never */
    void await(BooleanSupplier condition, Supplier<Optional<Long>> nextLook) {
        while (true) {
            check();
            if (condition.getAsBoolean()) {
                return;
            }
            long now = clock.nanoTime();
            long untilLook = nextLook.get().map(at -> at - now).orElse(Long.MAX_VALUE);
            LockSupport.parkNanos(
                    this, Math.max(1, Math.min(untilLook, remaining().toNanos())));
        }
    }
}

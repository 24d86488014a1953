package org.llavacluster.node.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;

/**
 * The messages of one call while they arrive. Their bytes count in the {@link MessageBudget} as they are received,
 * before a message is complete, until the call ends or, for a call with many messages, until its handler has received
 * the message. A call whose bytes do not fit is refused without effect on other calls of its connection. Also resets
 * the call on request of its handler.
 */
public final class InboundCall extends ServerStreamTracer {

    private static final Context.Key<InboundCall> KEY = Context.key("inbound-call");

    /** Bytes of a frame besides its content. */
    private static final int FRAME_BYTES = 256;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final MessageBudget budget;
    private final Clock clock;
    private final RefusalMetrics refusals;
    private Object peer = this;
    private Consumer<Failure> refusal = _ -> {};
    private boolean over;

    /** When the arriving message began; before the first one, when the call did. */
    private long since;

    private boolean begun;
    private boolean arriving;

    /** Bytes of the arriving message. */
    private long arrived;

    /** Budget of the arriving message. */
    private long taken;

    /** Budget of complete messages that the handler has not received, oldest first. */
    private final ArrayDeque<Long> undelivered = new ArrayDeque<>();

    /** Budget of all messages. */
    private long held;

    /** Size of an uncompressed message, which is reported a second time when it is complete. */
    private long plain = -1;

    /** The method of the call is known. */
    private boolean handled;

    private Optional<Refusal> refused = Optional.empty();

    /** Null before the end. */
    private Status closedWith;

    private volatile Runnable reset = () -> {};

    private InboundCall(MessageBudget budget, Clock clock, RefusalMetrics refusals) {
        this.budget = budget;
        this.clock = clock;
        this.refusals = refusals;
        this.since = clock.nanoTime();
    }

    /** Creates one for each call. */
    public static Factory factory(MessageBudget budget, Clock clock, RefusalMetrics refusals) {
        return new Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
                return new InboundCall(budget, clock, refusals);
            }
        };
    }

    /** The call of the current context; empty for a call of another transport. */
    public static Optional<InboundCall> current() {
        return Optional.ofNullable(KEY.get());
    }

    @Override
    public Context filterContext(Context context) {
        Context.CancellableContext whole = context.withValue(KEY, this).withCancellation();
        reset = () -> whole.cancel(new TimeoutException("the client does not read"));
        return whole;
    }

    /**
     * Resets the stream of the call, as if its deadline had passed: what the client has not taken is dropped, and the
     * handler's listener gets {@code onCancel}. Closing a call does not help against a client that does not read,
     * because gRPC keeps the call until the client has taken everything that was sent before.
     */
    public void reset() {
        reset.run();
    }

    /**
     * To be called before the first message is requested.
     *
     * @param sharesWith equal for calls that have one share of the budget together
     * @param onRefusal ends the call with that failure; called at most once, on a thread of the transport
     */
    public synchronized void begin(Object sharesWith, Consumer<Failure> onRefusal) {
        handled = true;
        peer = sharesWith;
        refusal = onRefusal;
    }

    /** Refuses the call for what its headers say, before its handler and its messages are looked at. */
    public synchronized void refuse(Refusal refusal) {
        refused = Optional.of(refusal);
    }

    /** Why the call was refused for its headers. */
    public synchronized Optional<Refusal> refused() {
        return refused;
    }

    /** Whether nothing of the first message has come. */
    public synchronized boolean waitsForFirstMessage() {
        return !begun;
    }

    /** Whether the call ended because a message is larger than the server takes, which gRPC itself checks. */
    public synchronized boolean exceededItsSize() {
        return closedWith != null && closedWith.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    }

    /**
     * Whether the call delays a message: the first one has not begun, or one that began does not continue.
     *
     * @param patience time until a message must begin, and after which its rate counts
     * @param bytesPerSecond lowest average rate of a message
     */
    public synchronized boolean overdue(long now, Duration patience, long bytesPerSecond) {
        if (over || (begun && !arriving)) {
            return false;
        }
        double allowed = patience.toNanos() + 1e9 * arrived / bytesPerSecond;
        return now - since > allowed;
    }

    @Override
    public synchronized void inboundMessage(int sequence) {
        begun = true;
        arriving = true;
        arrived = 0;
        since = clock.nanoTime();
    }

    @Override
    public synchronized void inboundWireSize(long bytes) {
        arrived += bytes;
        if (!over && !take(bytes + FRAME_BYTES)) {
            end();
            // At once, because its message would grow until the call is closed.
            refusal.accept(overloaded());
        }
    }

    @Override
    public synchronized void inboundMessageRead(int sequence, long wireBytes, long bytes) {
        arriving = false;
        plain = bytes;
        undelivered.add(taken);
        taken = 0;
    }

    /** Counts the inflated size too, while a compressed message is being read. */
    @Override
    public synchronized void inboundUncompressedSize(long bytes) {
        if (bytes == plain) {
            plain = -1;
            return;
        }
        if (over) {
            return;
        }
        if (!take(bytes)) {
            throw new FailureException(overloaded());
        }
        taken -= bytes;
        undelivered.add(undelivered.isEmpty() ? bytes : undelivered.removeLast() + bytes);
    }

    /** The handler has received a message of a call with many. */
    public synchronized void delivered() {
        if (!over && !undelivered.isEmpty()) {
            change(-undelivered.remove());
        }
    }

    @Override
    public synchronized void streamClosed(Status status) {
        closedWith = status;
        if (!handled && refused.isEmpty() && status.getCode() == Status.Code.UNIMPLEMENTED) {
            refusals.refused(RefusalReason.UNKNOWN_PATH);
        }
        end();
    }

    private void end() {
        over = true;
        change(-held);
        undelivered.clear();
        taken = 0;
    }

    private boolean take(long bytes) {
        if (!change(bytes)) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** The first bytes of a call are free: see {@link MessageBudget#FREE_BYTES}. */
    private boolean change(long bytes) {
        long next = held + bytes;
        long counted = Math.max(0, next - MessageBudget.FREE_BYTES) - Math.max(0, held - MessageBudget.FREE_BYTES);
        if (counted > 0 && !budget.take(peer, counted)) {
            return false;
        }
        if (counted < 0) {
            budget.give(peer, -counted);
        }
        held = next;
        return true;
    }

    private static Failure overloaded() {
        return new Failure.Overloaded("messages in progress hold all of the memory set aside for them", RETRY);
    }
}

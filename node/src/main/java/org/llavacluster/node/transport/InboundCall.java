package org.llavacluster.node.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;

/**
 * The messages of one call while they arrive. Their bytes stand in the {@link MessageBudget} from the moment they come,
 * before the message is whole, until the call ends or, where a call takes many messages, until its handler has had the
 * message. A call whose bytes do not fit is refused and disturbs no other call of its connection.
 */
public final class InboundCall extends ServerStreamTracer {

    private static final Context.Key<InboundCall> KEY = Context.key("inbound-call");

    /** What a frame costs besides its bytes. */
    private static final int FRAME_BYTES = 256;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final MessageBudget budget;
    private final Clock clock;
    private final RefusalMetrics refusals;
    private Object peer = this;
    private Consumer<Failure> refusal = _ -> {};
    private boolean over;

    /** When the message that arrives began; before the first one when the call did. */
    private long since;

    private boolean begun;
    private boolean arriving;

    /** Bytes of the message that arrives. */
    private long arrived;

    /** What the message that arrives holds. */
    private long taken;

    /** What whole messages hold that the handler has not had yet, oldest first. */
    private final ArrayDeque<Long> undelivered = new ArrayDeque<>();

    /** What all messages hold. */
    private long held;

    /** Size of a message that was not compressed, which is reported a second time when it is whole. */
    private long plain = -1;

    /** The method of the call is known. */
    private boolean handled;

    private Optional<Refusal> refused = Optional.empty();

    /** Null before the end. */
    private Status closedWith;

    private InboundCall(MessageBudget budget, Clock clock, RefusalMetrics refusals) {
        this.budget = budget;
        this.clock = clock;
        this.refusals = refusals;
        this.since = clock.nanoTime();
    }

    /** Makes one for each call. */
    public static Factory factory(MessageBudget budget, Clock clock, RefusalMetrics refusals) {
        return new Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
                return new InboundCall(budget, clock, refusals);
            }
        };
    }

    /** That of the current context; empty for a call that came by another transport. */
    public static Optional<InboundCall> current() {
        return Optional.ofNullable(KEY.get());
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    /**
     * To be called before the first message is asked for.
     *
     * @param sharesWith equal for calls that have one share of the budget together
     * @param onRefusal ends the call with that failure; called once at most, by a thread of the transport
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
     * Whether the call lets a message wait: the first one does not begin, or one that began does not go on.
     *
     * @param patience until a message begins, and for one that began before its rate counts
     * @param bytesPerSecond that a message has at least on average
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
            // Here and now: until the call is closed its message goes on to grow.
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

    /** While the handler's side reads a compressed message: what it becomes counts too. */
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

    /** The handler has had a message of a call that takes many. */
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

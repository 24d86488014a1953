package org.llavacluster.node.tensor;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.transport.InboundCall;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * The server side of one pull. Its lock orders the events of source, transport and client, since a gRPC call is not
 * thread-safe.
 */
final class TensorPullServer<R> extends ServerCall.Listener<R> implements TensorWaiter {

    private static final long STALL_NANOS = FixedLimits.PULL_STALL.duration().toNanos();

    private enum State {
        /** The request has not arrived completely. */
        REQUESTED,
        /** The source has been asked. */
        WAITING,
        /** The tensor is pinned and being sent. */
        SENDING,
        /** gRPC has everything, including the status; the transport may still read the tensor. */
        CLOSED,
        /** The tensor is no longer read. */
        OVER
    }

    private final ServerCall<R, TensorFrame> call;
    private final TensorSender.Source<R> source;
    private final int chunkBytes;
    private final long deadlineNanos;
    private final boolean hasDeadline;
    private final Clock clock;
    private final Optional<InboundCall> inbound = InboundCall.current();
    /** Pulls that hold a pin, all of the same sender. */
    private final Set<TensorPullServer<R>> holders;

    private State state = State.REQUESTED;
    private R request;
    private boolean headersSent;
    private boolean toldPending;
    private boolean sending;
    private boolean left;
    private Runnable onLeave;
    private TensorPin pin;
    private long sentBytes;
    /** When the transport last took something, on the clock. */
    private long tookAt;

    private boolean stalled;

    TensorPullServer(
            ServerCall<R, TensorFrame> call,
            TensorSender.Source<R> source,
            int chunkBytes,
            Clock clock,
            Set<TensorPullServer<R>> holders) {
        this.clock = clock;
        this.holders = holders;
        this.call = call;
        this.source = source;
        this.chunkBytes = chunkBytes;
        Deadline deadline = Context.current().getDeadline();
        this.hasDeadline = deadline != null;
        this.deadlineNanos = clock.nanoTime() + (hasDeadline ? deadline.timeRemaining(TimeUnit.NANOSECONDS) : 0);
    }

    /** Requests two messages: a second one is an error that must be noticed. */
    void start() {
        call.setOnReadyThreshold(chunkBytes);
        call.request(2);
    }

    @Override
    public void onMessage(R message) {
        synchronized (this) {
            if (request == null) {
                request = message;
                return;
            }
        }
        answer(new TensorAnswer.Failed(new Failure.Invalid("request", "a pull has one request, not two")));
    }

    @Override
    public void onHalfClose() {
        synchronized (this) {
            if (state != State.REQUESTED) {
                return;
            }
            state = State.WAITING;
        }
        try {
            if (request == null) {
                throw new FailureException(new Failure.Invalid("request", "a pull has one request, not none"));
            }
            if (!hasDeadline) {
                throw new FailureException(new Failure.Invalid("deadline", "a pull must have a deadline"));
            }
            source.pull(request, this);
        } catch (FailureException e) {
            answer(new TensorAnswer.Failed(e.failure()));
        } catch (RuntimeException e) {
            synchronized (this) {
                state = State.CLOSED; // the caller closes the call
            }
            throw e;
        }
    }

    @Override
    public void onReady() {
        send();
    }

    @Override
    public void onCancel() {
        over(true);
    }

    @Override
    public void onComplete() {
        over(false);
    }

    /** The transport is done with the tensor. */
    private void over(boolean cancelled) {
        TensorPin unneeded;
        Runnable leave = null;
        synchronized (this) {
            if (cancelled && (state == State.REQUESTED || state == State.WAITING)) {
                left = true;
                leave = onLeave;
            }
            state = State.OVER;
            holders.remove(this);
            unneeded = pin;
            pin = null;
        }
        if (unneeded != null) {
            unneeded.close();
        }
        if (leave != null) {
            leave.run();
        }
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void onLeave(Runnable action) {
        synchronized (this) {
            if (!left) {
                onLeave = action;
                return;
            }
        }
        action.run();
    }

    @Override
    public synchronized void pending() {
        if (state == State.WAITING && !toldPending) {
            toldPending = true;
            message(TensorFrame.of(Answer.ANSWER_PENDING));
        }
    }

    @Override
    public void answer(TensorAnswer answer) {
        synchronized (this) {
            boolean wanted = state == State.REQUESTED || state == State.WAITING;
            if (wanted) {
                switch (answer) {
                    case TensorAnswer.Ready(TensorPin ready) -> {
                        state = State.SENDING;
                        pin = ready;
                        tookAt = clock.nanoTime();
                        holders.add(this);
                        message(TensorFrame.ready(ready.tensor().layout()));
                    }
                    case TensorAnswer.Absent() -> refuse(Answer.ANSWER_ABSENT);
                    case TensorAnswer.WrongRevision() -> refuse(Answer.ANSWER_WRONG_REVISION);
                    case TensorAnswer.Failed(Failure failure) -> {
                        StatusRuntimeException status = GrpcFailures.toStatus(failure);
                        close(status.getStatus(), status.getTrailers());
                    }
                }
            } else if (answer instanceof TensorAnswer.Ready(TensorPin unwanted)) {
                unwanted.close();
            }
        }
        send();
    }

    private void refuse(Answer answer) {
        message(TensorFrame.of(answer));
        close(Status.OK, new Metadata());
    }

    /** Sends chunks while the transport accepts them; {@link #onReady} continues later. */
    private synchronized void send() {
        if (sending) {
            return; // sendMessage may call back into this method
        }
        sending = true;
        try {
            while (state == State.SENDING && call.isReady()) {
                chunk(pin.tensor());
            }
        } finally {
            sending = false;
        }
    }

    /**
     * Resets the call if its receiver has taken nothing for {@link FixedLimits#PULL_STALL}; false if not, and from the
     * second time on.
     */
    boolean endIfStalled(long now) {
        synchronized (this) {
            if (stalled || pin == null || now - tookAt < STALL_NANOS) {
                return false;
            }
            stalled = true;
        }
        inbound.ifPresent(InboundCall::reset);
        return true;
    }

    private void chunk(CachedTensor tensor) {
        tookAt = clock.nanoTime();
        MemorySegment bytes = tensor.bytes();
        long length = Math.min(chunkBytes, bytes.byteSize() - sentBytes);
        MemorySegment data = bytes.asSlice(sentBytes, length);
        sentBytes += length;
        if (sentBytes < bytes.byteSize()) {
            message(TensorFrame.data(data));
        } else {
            message(TensorFrame.last(data, tensor.crc32c()));
            close(Status.OK, new Metadata());
        }
    }

    private void message(TensorFrame frame) {
        if (!headersSent) {
            headersSent = true;
            call.sendHeaders(new Metadata());
        }
        call.sendMessage(frame);
    }

    private void close(Status status, Metadata trailers) {
        state = State.CLOSED;
        call.close(status, trailers);
    }
}

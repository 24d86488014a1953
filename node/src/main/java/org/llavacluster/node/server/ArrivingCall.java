package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.Optional;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.transport.InboundCall;
import org.llavacluster.node.transport.PeerConnection;

/**
 * A call from its headers to its end. Its handler starts when the first message is whole, or when the client says that
 * none comes. gRPC runs the events of a call one at a time; {@link #refuse} and {@link #end} may come from any thread.
 */
final class ArrivingCall<Q, A> extends ServerCall.Listener<Q> {

    private final RunningCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private final Optional<PeerConnection> connection;
    private final boolean gated;
    private final ArrivalInterceptor calls;
    private final Optional<InboundCall> inbound = InboundCall.current();
    private final long beganAt;

    /** Null until the handler has started. */
    private ServerCall.Listener<Q> handler;

    private boolean entered;
    private boolean ready;

    ArrivingCall(
            RunningCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next,
            Optional<PeerConnection> connection,
            boolean gated,
            ArrivalInterceptor calls) {
        this.call = call;
        this.headers = headers;
        this.next = next;
        this.connection = connection;
        this.gated = gated;
        this.calls = calls;
        this.beganAt = calls.now();
    }

    Optional<PeerConnection> connection() {
        return connection;
    }

    /** Equal for calls of one connection. */
    Object connectionOrSelf() {
        return connection.<Object>map(each -> each).orElse(this);
    }

    /** Whether it takes a place in the gate. */
    boolean gated() {
        return gated;
    }

    long beganAt() {
        return beganAt;
    }

    boolean overdue(long now, Duration patience, long bytesPerSecond) {
        return inbound.isPresent() && inbound.get().overdue(now, patience, bytesPerSecond);
    }

    boolean waitsForFirstMessage() {
        return inbound.isPresent() && inbound.get().waitsForFirstMessage();
    }

    void awaitMessage() {
        inbound.ifPresent(each -> each.begin(
                connection.<Object>map(PeerConnection::address).orElse(this),
                failure -> calls.refuse(this, RefusalReason.MEMORY, failure)));
        call.request(1);
    }

    /** Refuses the call, whatever its handler does. */
    void refuse(RefusalReason reason, Failure failure) {
        call.refuse(reason, failure);
    }

    /** Ends the call, whatever its handler does. */
    void end(Failure failure) {
        call.end(failure);
    }

    private boolean start() {
        if (handler != null) {
            return true;
        }
        if (call.isEnded() || !calls.enter(this)) {
            return false;
        }
        entered = true;
        handler = next.startCall(new FirstRequested<>(call), headers);
        if (ready) {
            handler.onReady();
        }
        return true;
    }

    @Override
    public void onMessage(Q message) {
        if (start()) {
            handler.onMessage(message);
            if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
                inbound.ifPresent(InboundCall::delivered);
            }
        }
    }

    @Override
    public void onHalfClose() {
        if (start()) {
            handler.onHalfClose();
        }
    }

    @Override
    public void onReady() {
        ready = true;
        if (handler != null) {
            handler.onReady();
        }
    }

    @Override
    public void onComplete() {
        try {
            if (handler == null) {
                return;
            }
            // The handler of a call ended from outside must give up its work, as if the client had cancelled.
            if (call.isEnded()) {
                handler.onCancel();
            } else {
                handler.onComplete();
            }
        } finally {
            calls.leave(this, entered);
        }
    }

    @Override
    public void onCancel() {
        if (inbound.isPresent() && inbound.get().exceededItsSize()) {
            call.messageTooLarge();
        }
        try {
            if (handler != null) {
                handler.onCancel();
            }
        } finally {
            calls.leave(this, entered);
        }
    }

    /** The handler's first request for a message was made already. */
    private static final class FirstRequested<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private boolean asked;

        private FirstRequested(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void request(int messages) {
            int further = messages;
            synchronized (this) {
                if (!asked) {
                    asked = true;
                    further--;
                }
            }
            if (further > 0) {
                super.request(further);
            }
        }
    }
}

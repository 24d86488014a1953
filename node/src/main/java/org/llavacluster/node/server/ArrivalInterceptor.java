package org.llavacluster.node.server;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.transport.InboundCall;
import org.llavacluster.node.transport.PeerConnection;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/**
 * Admits calls. A call first arrives. When its first message is complete, its handler starts and it takes a place in
 * the {@link CallGate}. A call that delays its message is ended. When too many calls arrive, the longest-waiting one on
 * the connection with most of them is ended. So calls without messages cannot keep out others. Describe, Watch
 * and health calls bypass the gate, so they work while the node drains.
 */
final class ArrivalInterceptor implements ServerInterceptor {

    private static final Set<String> ABOUT_THE_NODE = Set.of("grpc.health.v1.Health", NodeGrpc.SERVICE_NAME);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final CallGate gate;
    private final ServerLimits limits;
    private final RefusalMetrics refusals;
    private final Clock clock;
    private final Set<ArrivingCall<?, ?>> arriving = ConcurrentHashMap.newKeySet();
    private final Set<ArrivingCall<?, ?>> open = ConcurrentHashMap.newKeySet();

    ArrivalInterceptor(CallGate gate, ServerLimits limits, RefusalMetrics refusals, Clock clock) {
        this.gate = gate;
        this.limits = limits;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> raw, Metadata headers, ServerCallHandler<Q, A> next) {
        RunningCall<Q, A> call = new RunningCall<>(raw, refusals);
        boolean gated = isGated(call.getMethodDescriptor());
        Optional<Refusal> refusal = InboundCall.current().flatMap(InboundCall::refused);
        if (refusal.isPresent()) {
            call.refuse(refusal.get().reason(), refusal.get().failure());
            return new ServerCall.Listener<>() {};
        }
        Optional<PeerConnection> connection =
                Optional.ofNullable(call.getAttributes().get(PeerConnection.KEY));
        if (connection.isPresent() && !connection.get().begin(limits.callsPerConnection())) {
            call.refuse(
                    RefusalReason.CONNECTION_CALLS,
                    new Failure.Overloaded(
                            "the limit of " + limits.callsPerConnection()
                                    + " running calls of one connection is reached",
                            RETRY));
            return new ServerCall.Listener<>() {};
        }
        ArrivingCall<Q, A> arrival = new ArrivingCall<>(call, headers, next, connection, gated, this);
        arriving.add(arrival);
        open.add(arrival);
        makeRoom();
        arrival.awaitMessage();
        return arrival;
    }

    /** Whether calls of the method take a place in the gate. */
    static boolean isGated(MethodDescriptor<?, ?> method) {
        return !ABOUT_THE_NODE.contains(method.getServiceName());
    }

    /** If too many calls are arriving, ends the longest-waiting one on the connection with most of them. */
    private void makeRoom() {
        if (arriving.size() <= limits.arrivingCalls()) {
            return;
        }
        arriving.stream().collect(Collectors.groupingBy(ArrivingCall::connectionOrSelf)).values().stream()
                .max(Comparator.comparingInt(java.util.List::size))
                .flatMap(calls -> calls.stream().min(Comparator.comparingLong(ArrivingCall::beganAt)))
                .ifPresent(longest -> refuse(
                        longest,
                        RefusalReason.ARRIVALS,
                        new Failure.Overloaded(
                                "the limit of " + limits.arrivingCalls()
                                        + " calls without their first message is reached",
                                RETRY)));
    }

    /** Ends calls that delay a message. */
    void endOverdue(long now) {
        for (ArrivingCall<?, ?> call : open) {
            if (call.overdue(now, limits.firstMessage(), limits.messageRate())) {
                refuse(
                        call,
                        call.waitsForFirstMessage() ? RefusalReason.FIRST_MESSAGE : RefusalReason.SLOW_BODY,
                        new Failure.Expired("a message of the call did not come within "
                                + limits.firstMessage().toMillis() + " ms, nor at " + limits.messageRate()
                                + " bytes per second"));
            }
        }
    }

    /** Ends all running calls with UNAVAILABLE, because a reset connection alone would look like a cancellation. */
    void endAll() {
        open.forEach(call -> call.end(new Failure.Unavailable("the node is shutting down")));
    }

    void refuse(ArrivingCall<?, ?> call, RefusalReason reason, Failure failure) {
        arriving.remove(call);
        call.refuse(reason, failure);
    }

    /** The first message is complete. Returns whether the call may run; otherwise it has been ended. */
    boolean enter(ArrivingCall<?, ?> call) {
        arriving.remove(call);
        if (!call.gated()) {
            return true;
        }
        Optional<Refusal> refused = gate.enter();
        refused.ifPresent(refusal -> refuse(call, refusal.reason(), refusal.failure()));
        return refused.isEmpty();
    }

    /** The call has ended, whether or not it ran. */
    void leave(ArrivingCall<?, ?> call, boolean entered) {
        arriving.remove(call);
        if (open.remove(call)) {
            call.connection().ifPresent(PeerConnection::end);
            if (entered && call.gated()) {
                gate.leave();
            }
        }
    }

    long now() {
        return clock.nanoTime();
    }
}

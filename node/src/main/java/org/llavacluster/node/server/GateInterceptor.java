package org.llavacluster.node.server;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/**
 * Takes each call through the {@link CallGate}, except those that ask about the node: they work while it drains too.
 * Knows the calls that run, so that they can be ended with a status that says why.
 */
final class GateInterceptor implements ServerInterceptor {

    private static final Set<String> ABOUT_THE_NODE = Set.of("grpc.health.v1.Health", NodeGrpc.SERVICE_NAME);

    private final CallGate gate;
    private final Set<RunningCall<?, ?>> running = ConcurrentHashMap.newKeySet();

    GateInterceptor(CallGate gate) {
        this.gate = gate;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (ABOUT_THE_NODE.contains(call.getMethodDescriptor().getServiceName())) {
            gate.found();
            return next.startCall(call, headers);
        }
        Optional<Failure> refused = gate.enter();
        if (refused.isPresent()) {
            StatusRuntimeException status = GrpcFailures.toStatus(refused.get());
            call.close(status.getStatus(), status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        RunningCall<Q, A> counted = new RunningCall<>(call);
        running.add(counted);
        try {
            return new Leaving<>(next.startCall(counted, headers), counted);
        } catch (RuntimeException e) {
            leave(counted);
            throw e;
        }
    }

    /** Ends all calls that still run with UNAVAILABLE: a reset connection alone would look like a cancellation. */
    void endAll() {
        StatusRuntimeException status = GrpcFailures.toStatus(new Failure.Unavailable("the node is shutting down"));
        running.forEach(call -> call.close(status.getStatus(), status.getTrailers()));
    }

    private void leave(RunningCall<?, ?> call) {
        if (running.remove(call)) {
            gate.leave();
        }
    }

    /** gRPC ends every call with exactly one of these two. */
    private final class Leaving<Q> extends SimpleForwardingServerCallListener<Q> {

        private final RunningCall<Q, ?> call;

        Leaving(ServerCall.Listener<Q> delegate, RunningCall<Q, ?> call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onComplete() {
            try {
                super.onComplete();
            } finally {
                leave(call);
            }
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                leave(call);
            }
        }
    }
}

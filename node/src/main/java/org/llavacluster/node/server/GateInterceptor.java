package org.llavacluster.node.server;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/** Takes each call through the {@link CallGate}, except those that ask about the node: they work while it drains too. */
final class GateInterceptor implements ServerInterceptor {

    private static final Set<String> ABOUT_THE_NODE = Set.of("grpc.health.v1.Health", NodeGrpc.SERVICE_NAME);

    private final CallGate gate;

    GateInterceptor(CallGate gate) {
        this.gate = gate;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (ABOUT_THE_NODE.contains(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, headers);
        }
        Optional<Failure> refused = gate.enter();
        if (refused.isPresent()) {
            StatusRuntimeException status = GrpcFailures.toStatus(refused.get());
            call.close(status.getStatus(), status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                gate.leave();
            }
        };
        try {
            return new Leaving<>(next.startCall(call, headers), leave);
        } catch (RuntimeException e) {
            leave.run();
            throw e;
        }
    }

    /** gRPC ends every call with exactly one of these two. */
    private static final class Leaving<Q> extends SimpleForwardingServerCallListener<Q> {

        private final Runnable leave;

        Leaving(ServerCall.Listener<Q> delegate, Runnable leave) {
            super(delegate);
            this.leave = leave;
        }

        @Override
        public void onComplete() {
            try {
                super.onComplete();
            } finally {
                leave.run();
            }
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                leave.run();
            }
        }
    }
}

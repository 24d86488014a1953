package org.llavacluster.node.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.llavacluster.node.metrics.LatencyBuckets;
import org.llavacluster.node.time.Clock;

/** {@code llava_grpc_calls_total} by method and status code, and the histogram {@code llava_grpc_seconds} by method. */
final class MeterInterceptor implements ServerInterceptor {

    private final MeterRegistry registry;
    private final Clock clock;

    MeterInterceptor(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        long start = clock.nanoTime();
        AtomicReference<Status.Code> closedWith = new AtomicReference<>(Status.Code.CANCELLED);
        ServerCall<Q, A> watched = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                closedWith.set(status.getCode());
                super.close(status, trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(watched, headers)) {
            @Override
            public void onComplete() {
                count(method, closedWith.get(), start);
                super.onComplete();
            }

            @Override
            public void onCancel() {
                count(method, Status.Code.CANCELLED, start);
                super.onCancel();
            }
        };
    }

    private void count(String method, Status.Code code, long start) {
        Counter.builder("llava.grpc.calls")
                .description("gRPC calls that ended, by method and status")
                .tag("method", method)
                .tag("code", code.name())
                .register(registry)
                .increment();
        Timer.builder("llava.grpc")
                .description("From the start of a gRPC call to its end")
                .serviceLevelObjectives(LatencyBuckets.all())
                .tag("method", method)
                .register(registry)
                .record(Duration.ofNanos(clock.nanoTime() - start));
    }
}

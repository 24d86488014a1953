package org.llavacluster.node.tensor;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.transport.ServedMethods;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * Serves pulls: asks the source and sends its answer under flow control, at most one chunk ahead of the transport. The
 * pin is closed when the call ends, however it ends. A pull without a deadline is refused, because it could hold its
 * pin forever; one whose receiver does not read is reset long before its deadline.
 */
public final class TensorSender<R> implements ServerCallHandler<R, TensorFrame> {

    /** Provides the tensors. */
    @FunctionalInterface
    public interface Source<R> {

        /**
         * Answers the waiter now or later; must not block. A {@code FailureException} ends the call with that failure.
         */
        void pull(R request, TensorWaiter waiter);
    }

    /**
     * Payload of one frame. Smaller frames cost more wake-ups; with larger ones copying and sending no longer overlap.
     */
    private static final int CHUNK_BYTES = 256 << 10;

    private static final long SWEEP_SECONDS = 1;

    private final Source<R> source;
    private final int chunkBytes;
    private final Clock clock;
    /** Pulls whose tensor is pinned. */
    private final Set<TensorPullServer<R>> sending = ConcurrentHashMap.newKeySet();

    public TensorSender(Source<R> source, Clock clock) {
        this(source, CHUNK_BYTES, clock);
    }

    TensorSender(Source<R> source, int chunkBytes, Clock clock) {
        if (chunkBytes < 1 || chunkBytes > TensorFrame.MAX_DATA_BYTES) {
            throw new IllegalArgumentException("chunkBytes " + chunkBytes);
        }
        this.source = source;
        this.chunkBytes = chunkBytes;
        this.clock = clock;
    }

    /**
     * From now on resets the pulls whose receiver takes nothing for {@link FixedLimits#PULL_STALL}.
     *
     * @param refusals counts them
     */
    public TensorSender<R> endingStalled(ScheduledExecutorService timers, RefusalMetrics refusals) {
        var unused = timers.scheduleWithFixedDelay(
                () -> endStalled(clock.nanoTime(), refusals), SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    void endStalled(long now, RefusalMetrics refusals) {
        for (TensorPullServer<R> pull : sending) {
            if (pull.endIfStalled(now)) {
                refusals.refused(RefusalReason.SLOW_READER);
            }
        }
    }

    /** The generated service with one method replaced by this sender. */
    public static <R> ServerServiceDefinition serve(
            ServerServiceDefinition service, MethodDescriptor<R, TensorFrame> method, TensorSender<R> sender) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>(service.getMethods());
        methods.removeIf(
                generated -> generated.getMethodDescriptor().getFullMethodName().equals(method.getFullMethodName()));
        methods.add(ServerMethodDefinition.create(method, sender));
        return ServedMethods.of(service, methods);
    }

    @Override
    public ServerCall.Listener<R> startCall(ServerCall<R, TensorFrame> call, Metadata headers) {
        TensorPullServer<R> pull = new TensorPullServer<>(call, source, chunkBytes, clock, sending);
        pull.start();
        return pull;
    }
}

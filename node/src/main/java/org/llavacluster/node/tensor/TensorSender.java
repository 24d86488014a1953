package org.llavacluster.node.tensor;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * Serves a pull: asks the source, and sends what it answers under flow control, at most one chunk ahead of what the
 * transport takes. The pin is closed when the call is over, however it ends. A pull without a deadline is refused: it
 * could hold its pin forever.
 */
public final class TensorSender<R> implements ServerCallHandler<R, TensorFrame> {

    /** Where the tensors come from. */
    @FunctionalInterface
    public interface Source<R> {

        /** Answers now or later. Must not block long. A {@code FailureException} ends the call with that failure. */
        void pull(R request, TensorWaiter waiter);
    }

    /** Payload of one frame: smaller ones cost more wake-ups, larger ones keep copying and sending from overlapping. */
    private static final int CHUNK_BYTES = 256 << 10;

    private final Source<R> source;
    private final int chunkBytes;
    private final Clock clock;

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

    /** The service as generated, with one method served by a sender. */
    public static <R> ServerServiceDefinition serve(
            ServerServiceDefinition service, MethodDescriptor<R, TensorFrame> method, TensorSender<R> sender) {
        ServerServiceDefinition.Builder builder =
                ServerServiceDefinition.builder(service.getServiceDescriptor().getName());
        for (ServerMethodDefinition<?, ?> generated : service.getMethods()) {
            if (!generated.getMethodDescriptor().getFullMethodName().equals(method.getFullMethodName())) {
                builder.addMethod(generated);
            }
        }
        return builder.addMethod(method, sender).build();
    }

    @Override
    public ServerCall.Listener<R> startCall(ServerCall<R, TensorFrame> call, Metadata headers) {
        PullCall<R> pull = new PullCall<>(call, source, chunkBytes, clock);
        pull.start();
        return pull;
    }
}

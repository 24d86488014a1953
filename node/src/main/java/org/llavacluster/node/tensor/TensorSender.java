package org.llavacluster.node.tensor;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * Serves a pull: asks the source, and sends what it answers under flow control, never more than a chunk ahead of the transport. The pin
 * is closed when the call is over, however it ends.
 */
public final class TensorSender<R> implements ServerCallHandler<R, TensorFrame> {

    /** Where the tensors come from. */
    @FunctionalInterface
    public interface Source<R> {

        /** Answers now or later. Must not block. A {@code FailureException} ends the call with that failure. */
        void pull(R request, TensorWaiter waiter);
    }

    private final Source<R> source;
    private final Clock clock;

    public TensorSender(Source<R> source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The service as generated, with one method served by a sender. */
    public static <R> ServerServiceDefinition serve(
            ServerServiceDefinition service, MethodDescriptor<R, TensorFrame> method, TensorSender<R> sender) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerCall.Listener<R> startCall(ServerCall<R, TensorFrame> call, Metadata headers) {
        throw new UnsupportedOperationException(source + " " + clock);
    }
}

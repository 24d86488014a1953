package org.llavacluster.node.tensor;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.Executor;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * Pulls tensors. The payload is copied once, from the transport's buffers into the allocator's memory.
 */
public final class TensorPuller {

    private TensorPuller() {}

    /**
     * Starts a pull. Cancelling the current {@link io.grpc.Context} cancels it.
     *
     * @param options must have a deadline; their executor completes the outcome, by default a virtual thread
     */
    public static <R> TensorPull pull(
            Channel channel,
            MethodDescriptor<R, TensorFrame> method,
            CallOptions options,
            R request,
            ExpectedTensor expected,
            TensorAllocator allocator) {
        if (options.getDeadline() == null) {
            throw new IllegalArgumentException("a pull must have a deadline");
        }
        Executor followUp = options.getExecutor() == null ? Thread::startVirtualThread : options.getExecutor();
        ClientCall<R, TensorFrame> call = channel.newCall(method, options.withExecutor(Runnable::run));
        TensorPullClient receiving = new TensorPullClient(call, new TensorReceiver(expected, allocator), followUp);
        call.start(receiving, new Metadata());
        // Two frames in flight: the next one has arrived when one is copied.
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        return receiving;
    }
}

package org.llavacluster.node.tensor;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.tensor.TensorFrame;

/**
 * One pull on the side that asked. gRPC calls it back one event at a time and ends with {@link #onClose}: only there
 * the memory changes hands, so it is never freed under a copy.
 *
 * <p>Frames are copied on the transport's thread: handing each to another one costs a wake-up, which took a third of a
 * pull's time. What follows the outcome runs on another thread; it may take long.
 */
final class Receiving extends ClientCall.Listener<TensorFrame> implements TensorPull {

    private final ClientCall<?, TensorFrame> call;
    private final TensorReceiver receiver;
    private final Executor followUp;
    private final CompletableFuture<PullOutcome> outcome = new CompletableFuture<>();
    private final Context context = Context.current();
    private volatile boolean cancelled;
    private Failure refused;

    /** @param followUp completes the outcome */
    Receiving(ClientCall<?, TensorFrame> call, TensorReceiver receiver, Executor followUp) {
        this.call = call;
        this.receiver = receiver;
        this.followUp = followUp;
    }

    @Override
    public void onMessage(TensorFrame frame) {
        try (frame) {
            if (refused == null) {
                receiver.accept(frame);
            }
        } catch (RuntimeException e) {
            // Ours, whatever gRPC makes of the cancelled call.
            refused = GrpcFailures.of(e);
            call.cancel("the tensor was refused", null);
        }
        call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        PullOutcome result;
        if (refused != null) {
            result = new PullOutcome.Failed(refused);
        } else if (!status.isOk()) {
            result = new PullOutcome.Failed(failure(status, trailers));
        } else {
            result = receiver.end();
        }
        if (!(result instanceof PullOutcome.Ready)) {
            receiver.free();
        }
        followUp.execute(() -> outcome.complete(result));
    }

    /**
     * A call that nobody here cancelled was reset by the other side, which happens when its process is made to stop.
     */
    private Failure failure(Status status, Metadata trailers) {
        Failure failure = GrpcFailures.of(status, trailers);
        return failure instanceof Failure.Cancelled && !cancelled && !context.isCancelled()
                ? new Failure.Unavailable("the worker broke the pull off")
                : failure;
    }

    @Override
    public CompletableFuture<PullOutcome> outcome() {
        return outcome;
    }

    @Override
    public void cancel() {
        cancelled = true;
        call.cancel("the pull is not needed any more", null);
    }
}

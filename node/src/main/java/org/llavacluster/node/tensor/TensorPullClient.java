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
 * The client side of one pull. gRPC delivers one event at a time and ends with {@link #onClose}. Memory changes hands
 * only there, so it is never freed while a frame is copied into it.
 *
 * <p>Frames are copied on the transport's thread, because waking another thread for each took a third of a pull's time.
 * The outcome completes on another thread, since the work that follows may take long.
 */
final class TensorPullClient extends ClientCall.Listener<TensorFrame> implements TensorPull {

    private final ClientCall<?, TensorFrame> call;
    private final TensorReceiver receiver;
    private final Executor followUp;
    private final CompletableFuture<PullOutcome> outcome = new CompletableFuture<>();
    private final Context context = Context.current();
    private volatile boolean cancelled;
    private Failure refused;

    /** @param followUp completes the outcome */
    TensorPullClient(ClientCall<?, TensorFrame> call, TensorReceiver receiver, Executor followUp) {
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
            // Kept, because gRPC reports the cancelled call instead.
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
     * A cancelled status without a cancellation here means that the server reset the call, as a stopping process does.
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

package org.llavacluster.decoder.generate;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatScan;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;
import org.llavacluster.worker.serve.EngineFailures;

/**
 * Pulls embeddings {@code [rows, hidden]} from projectors straight into the backend's memory.
 *
 * @param channels channels to members by id
 * @param hidden columns of the embeddings
 */
public record EmbeddingPuller(
        Function<String, ? extends Channel> channels,
        Backend backend,
        int hidden,
        StageMetrics stages,
        NodeTracing tracing) {

    /** The outcome of a pull. */
    sealed interface Result {

        /** The receiver closes the tensor. */
        record Arrived(HostTensor tensor) implements Result {}

        /** The projector neither has the embeddings nor can compute them. */
        record Nowhere() implements Result {}

        record Failed(Failure failure) implements Result {}
    }

    /**
     * Starts a pull under the current {@link io.grpc.Context}.
     *
     * @param onResult called once, on any thread
     * @throws FailureException if the cluster has no such projector
     */
    TensorPull pull(ImageReference image, Deadline deadline, Consumer<Result> onResult) {
        Destination destination = new Destination(backend);
        Channel channel = channels.apply(image.getProjectorNode());
        StageMetrics.Running stage = stages.begin(Stage.PULL_EMBEDDINGS);
        Span span = tracing.begin(Stage.PULL_EMBEDDINGS.label(), SpanKind.CLIENT, CallTrace.current());
        Context own = CallTrace.in(Context.current(), span.getSpanContext());
        Context before = own.attach();
        TensorPull pull;
        try {
            pull = TensorPuller.pull(
                    channel,
                    TensorMethods.PULL_EMBEDDINGS,
                    CallOptions.DEFAULT.withDeadline(deadline),
                    PullEmbeddingsRequest.newBuilder().setImage(image).build(),
                    expected(image),
                    destination);
        } finally {
            own.detach(before);
        }
        pull.outcome().thenAccept(outcome -> {
            stage.end(outcome instanceof PullOutcome.Ready);
            span.end();
            onResult.accept(
                    switch (outcome) {
                        case PullOutcome.Ready _ -> checked(destination.tensor.get());
                        case PullOutcome.Absent _, PullOutcome.WrongRevision _ -> new Result.Nowhere();
                        case PullOutcome.Failed(Failure failure) -> new Result.Failed(failure);
                    });
        });
        return pull;
    }

    /** NaN or infinity would spread through the cached blocks to later requests with the same prefix. */
    private static Result checked(HostTensor tensor) {
        if (FloatScan.allFinite(tensor.dtype(), tensor.bytes())) {
            return new Result.Arrived(tensor);
        }
        tensor.close();
        return new Result.Failed(new Failure.Corrupt("the projector's embeddings contain NaN or infinity"));
    }

    private ExpectedTensor expected(ImageReference image) {
        return new ExpectedTensor(
                image.getEmbeddingKey(),
                Set.of(DataType.DATA_TYPE_F32, DataType.DATA_TYPE_F16),
                List.of((long) image.getRows(), (long) hidden),
                (long) image.getRows() * hidden * Float.BYTES);
    }

    /** Allocates the backend's memory for one tensor. */
    private static final class Destination implements TensorAllocator {

        private final Backend backend;
        private final AtomicReference<HostTensor> tensor = new AtomicReference<>();

        private Destination(Backend backend) {
            this.backend = backend;
        }

        @Override
        public MemorySegment allocate(TensorLayout layout) {
            DType dtype =
                    switch (layout.dataType()) {
                        case DATA_TYPE_F32 -> DType.F32;
                        case DATA_TYPE_F16 -> DType.F16;
                        case DATA_TYPE_BF16, DATA_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalStateException("unexpected type: " + layout.dataType());
                    };
            long[] shape = layout.shape().stream().mapToLong(Long::longValue).toArray();
            try {
                HostTensor allocated = backend.allocate(dtype, shape);
                tensor.set(allocated);
                return allocated.bytes();
            } catch (RuntimeException | OutOfMemoryError noMemory) {
                throw new FailureException(EngineFailures.of("memory for embeddings", noMemory), noMemory);
            }
        }

        @Override
        public void free(MemorySegment memory) {
            tensor.get().close();
        }
    }
}

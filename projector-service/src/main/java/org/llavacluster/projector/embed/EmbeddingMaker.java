package org.llavacluster.projector.embed;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.llavacluster.engine.Backend;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.PendingTensor;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.tensor.TensorMethods;

/** Computes embeddings: pulls the features from the vision node that has them, then queues them for projection. */
public final class EmbeddingMaker {

    /**
     * The longest time that any request may take. Waiting calls leave at their own deadlines and the last one cancels
     * the pull, so the pull must not end at the deadline of the call that came first.
     */
    private static final Duration LONGEST_PULL = Duration.ofMinutes(10);

    private final VisionConfig vision;
    private final Backend backend;
    private final Function<String, ? extends Channel> channels;
    private final ProjectionThread projection;
    private final StageMetrics metrics;
    private final NodeTracing tracing;

    /** By embedding key: those whose features have not arrived. */
    private final Map<ByteString, Making> makings = new ConcurrentHashMap<>();

    /**
     * @param channels channels to members by id; throws a FailureException for an unknown id
     */
    public EmbeddingMaker(
            VisionConfig vision,
            Backend backend,
            Function<String, ? extends Channel> channels,
            ProjectionThread projection,
            StageMetrics metrics,
            NodeTracing tracing) {
        this.vision = vision;
        this.backend = backend;
        this.channels = channels;
        this.projection = projection;
        this.metrics = metrics;
        this.tracing = tracing;
    }

    /** Computes the embeddings and ends {@code pending} in every case. Does not block. */
    public void make(EmbeddingRequest wanted, PendingTensor pending) {
        Making making = new Making(wanted, pending);
        makings.put(wanted.embeddingKey(), making);
        pending.onAbandoned(() -> {
            makings.remove(wanted.embeddingKey(), making);
            making.cancel();
            projection.left(making.departure);
        });
        making.begin();
    }

    /**
     * The embeddings are being computed, and a request names another vision node for their features than the one they
     * are pulled from, because that one is lost: the pull begins anew there. Does nothing if the features have arrived.
     * Does not block.
     */
    public void redirect(EmbeddingRequest wanted) {
        Making making = makings.get(wanted.embeddingKey());
        if (making != null) {
            making.redirect(wanted);
        }
    }

    /** Embeddings whose features are being pulled. */
    private final class Making {

        private final PendingTensor pending;
        private final Departure departure = new Departure();

        /** Of the pull that came first. */
        private final SpanContext trace = CallTrace.current();

        // Of the newest pull, or of the first one before it begins; under this object's lock.
        private EmbeddingRequest wanted;
        private TensorPull pull;
        private int pulls;
        private boolean over;

        private Making(EmbeddingRequest wanted, PendingTensor pending) {
            this.wanted = wanted;
            this.pending = pending;
        }

        synchronized void begin() {
            pullFrom(wanted);
        }

        synchronized void redirect(EmbeddingRequest other) {
            if (over || other.visionNode().equals(wanted.visionNode())) {
                return;
            }
            if (pulls == 0) {
                wanted = other;
                return;
            }
            TensorPull before = pull;
            pullFrom(other);
            if (before != null) {
                before.cancel();
            }
        }

        synchronized void cancel() {
            over = true;
            if (pull != null) {
                pull.cancel();
            }
        }

        private void pullFrom(EmbeddingRequest from) {
            FeatureMemory memory = new FeatureMemory(backend);
            StageMetrics.Running stage = metrics.begin(Stage.PULL_FEATURES);
            Span span = tracing.begin(Stage.PULL_FEATURES.label(), SpanKind.CLIENT, trace);
            int number = ++pulls;
            wanted = from;
            TensorPull started;
            try {
                started = EmbeddingMaker.this.pull(from, memory, span.getSpanContext());
            } catch (FailureException e) {
                stage.end(false);
                span.end();
                end(from, number, new PullOutcome.Failed(e.failure()), memory);
                return;
            }
            pull = started;
            if (over) {
                started.cancel();
            }
            started.outcome().thenAccept(outcome -> {
                stage.end(outcome instanceof PullOutcome.Ready);
                span.end();
                end(from, number, outcome, memory);
            });
        }

        private void end(EmbeddingRequest from, int number, PullOutcome outcome, FeatureMemory memory) {
            synchronized (this) {
                if (number != pulls) {
                    memory.close();
                    return;
                }
                over = true;
            }
            makings.remove(from.embeddingKey(), this);
            switch (outcome) {
                case PullOutcome.Ready _ -> projection.submit(new Projection(from, memory, pending, departure, trace));
                case PullOutcome.Absent _ -> pending.absent();
                case PullOutcome.WrongRevision _ -> pending.wrongRevision();
                case PullOutcome.Failed(Failure failure) -> pending.fail(failure);
            }
        }
    }

    private TensorPull pull(EmbeddingRequest wanted, FeatureMemory memory, SpanContext span) {
        Channel channel = channels.apply(wanted.visionNode());
        PullFeaturesRequest request = PullFeaturesRequest.newBuilder()
                .setFeatureKey(wanted.featureKey())
                .setVisionRevision(wanted.visionRevision())
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(LONGEST_PULL.toNanos(), TimeUnit.NANOSECONDS);
        // Detached from the first caller's context, because the end of that call must not cancel the others.
        Context own = CallTrace.in(Context.ROOT, span);
        Context before = own.attach();
        try {
            return TensorPuller.pull(channel, TensorMethods.PULL_FEATURES, options, request, expected(wanted), memory);
        } finally {
            own.detach(before);
        }
    }

    private ExpectedTensor expected(EmbeddingRequest wanted) {
        ByteString key = wanted.featureKey();
        long rows = (long) wanted.layout().tiles() * vision.rowsPerTile();
        return new ExpectedTensor(
                key,
                Set.of(DataType.DATA_TYPE_F32, DataType.DATA_TYPE_F16),
                List.of(rows, (long) vision.features()),
                rows * vision.features() * Float.BYTES);
    }
}

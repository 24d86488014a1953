package org.llavacluster.projector.embed;

import io.opentelemetry.api.trace.SpanContext;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.PendingTensor;

/** Features that have arrived and wait to be projected. Ends once. */
final class Projection {

    private final EmbeddingRequest wanted;
    private final FeatureMemory features;
    private final PendingTensor pending;
    private final Departure departure;
    private final SpanContext trace;

    /**
     * @param trace span of the pull that the embeddings are computed for; invalid without one
     * @param departure when nothing waited for the embeddings any more
     */
    Projection(
            EmbeddingRequest wanted,
            FeatureMemory features,
            PendingTensor pending,
            Departure departure,
            SpanContext trace) {
        this.wanted = wanted;
        this.features = features;
        this.pending = pending;
        this.departure = departure;
        this.trace = trace;
    }

    EmbeddingRequest wanted() {
        return wanted;
    }

    FeatureMemory features() {
        return features;
    }

    /** False when no call waits for the embeddings any more. */
    boolean isWanted() {
        return pending.isWanted();
    }

    SpanContext trace() {
        return trace;
    }

    Departure departure() {
        return departure;
    }

    void complete(CachedTensor embeddings) {
        pending.complete(embeddings);
    }

    /** Ends without embeddings. */
    void fail(Failure failure) {
        features.close();
        pending.fail(failure);
    }
}

package org.llavacluster.projector.service;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.PendingTensor;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.tensor.TensorWaiter;
import org.llavacluster.projector.embed.EmbeddingMaker;
import org.llavacluster.projector.embed.EmbeddingRequest;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.worker.model.WireFormat;
import org.llavacluster.worker.serve.MeteredWaiter;
import org.llavacluster.worker.serve.WireTensors;

/** Answers pulls of embeddings from the cache, from a computation in progress, or by computing them from features. */
final class EmbeddingSource implements TensorSender.Source<PullEmbeddingsRequest> {

    private final String revision;
    private final int hidden;
    private final ImageLayouts layouts;
    private final WireFormat wire;
    private final TensorCache<ByteString> embeddings;
    private final EmbeddingMaker maker;
    private final StageMetrics metrics;

    /**
     * @param hidden columns of the embeddings
     */
    EmbeddingSource(
            String revision,
            int hidden,
            ImageLayouts layouts,
            WireFormat wire,
            TensorCache<ByteString> embeddings,
            EmbeddingMaker maker,
            StageMetrics metrics) {
        this.revision = revision;
        this.hidden = hidden;
        this.layouts = layouts;
        this.wire = wire;
        this.embeddings = embeddings;
        this.maker = maker;
        this.metrics = metrics;
    }

    @Override
    public void pull(PullEmbeddingsRequest request, TensorWaiter waiter) {
        EmbeddingRequest wanted = EmbeddingRequest.of(request.getImage(), layouts, ImageLimits.DEFAULT);
        TensorWaiter metered = new MeteredWaiter(waiter, metrics.begin(Stage.PULL_EMBEDDINGS));
        if (!request.getImage().getProjectorRevision().equals(revision)) {
            metered.answer(new TensorAnswer.WrongRevision());
            return;
        }
        long bytes = WireTensors.bytes(wanted.layout().rows(), hidden, wire);
        Optional<PendingTensor> pending = embeddings.findOrBegin(wanted.embeddingKey(), bytes, metered);
        pending.ifPresentOrElse(begun -> maker.make(wanted, begun), () -> maker.redirect(wanted));
    }
}

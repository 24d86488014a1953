package org.llavacluster.vision.service;

import com.google.protobuf.ByteString;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.tensor.TensorWaiter;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.worker.serve.MeteredWaiter;

/** Answers pulls of features from the cache or from a computation in progress. */
final class FeatureSource implements TensorSender.Source<PullFeaturesRequest> {

    private final String revision;
    private final TensorCache<ByteString> features;
    private final StageMetrics metrics;

    FeatureSource(String revision, TensorCache<ByteString> features, StageMetrics metrics) {
        this.revision = revision;
        this.features = features;
        this.metrics = metrics;
    }

    @Override
    public void pull(PullFeaturesRequest request, TensorWaiter waiter) {
        if (request.getFeatureKey().isEmpty()) {
            throw new FailureException(new Failure.Invalid("feature_key", "feature_key must not be empty"));
        }
        TensorWaiter metered = new MeteredWaiter(waiter, metrics.begin(Stage.PULL_FEATURES));
        if (request.getVisionRevision().equals(revision)) {
            features.find(request.getFeatureKey(), metered);
        } else {
            metered.answer(new TensorAnswer.WrongRevision());
        }
    }
}

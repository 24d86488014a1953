package org.llavacluster.projector.embed;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.tensor.Making;
import org.llavacluster.node.tensor.StoredTensor;

/** Features that have arrived, to be projected. Ends once. */
final class Projection {

    private final WantedEmbeddings wanted;
    private final FeatureMemory features;
    private final Making making;
    private volatile boolean unwanted;

    Projection(WantedEmbeddings wanted, FeatureMemory features, Making making) {
        this.wanted = wanted;
        this.features = features;
        this.making = making;
        making.onUnwanted(() -> unwanted = true);
    }

    WantedEmbeddings wanted() {
        return wanted;
    }

    FeatureMemory features() {
        return features;
    }

    /** False once nobody waits for the embeddings any more. */
    boolean isWanted() {
        return !unwanted;
    }

    void complete(StoredTensor embeddings) {
        making.complete(embeddings);
    }

    /** Ends it without embeddings. */
    void fail(Failure failure) {
        features.close();
        making.fail(failure);
    }
}

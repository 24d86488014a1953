package org.llavacluster.engine.tensorflow;

import org.llavacluster.engine.Backend;
import org.llavacluster.engine.BackendProvider;

/** Opens {@link TensorFlowBackend}s. */
public final class TensorFlowProvider implements BackendProvider {

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public Backend open(int threads) {
        return new TensorFlowBackend(threads);
    }
}

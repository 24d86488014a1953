package org.llavacluster.engine.tensorflow;

import org.llavacluster.engine.Backend;
import org.llavacluster.engine.contract.BackendContract;

class TensorFlowContractTest extends BackendContract {

    @Override
    protected Backend newBackend() {
        return new TensorFlowBackend(2);
    }
}

package org.llavacluster.engine.simd;

import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.BackendContract;

class SimdContractTest extends BackendContract {

    @Override
    protected Backend newBackend() {
        return new SimdBackend(WeightsFormat.F32, 2);
    }
}

package org.llavacluster.worker.model;

import org.llavacluster.engine.DType;
import org.llavacluster.proto.cluster.v1.DataType;

/** Type in which features and embeddings travel between nodes and lie in caches. Computation is always in float32. */
public enum WireFormat {
    F32(DType.F32, DataType.DATA_TYPE_F32),
    F16(DType.F16, DataType.DATA_TYPE_F16);

    private final DType dtype;
    private final DataType dataType;

    WireFormat(DType dtype, DataType dataType) {
        this.dtype = dtype;
        this.dataType = dataType;
    }

    public DType dtype() {
        return dtype;
    }

    /** The type as a tensor's header names it. */
    public DataType dataType() {
        return dataType;
    }
}

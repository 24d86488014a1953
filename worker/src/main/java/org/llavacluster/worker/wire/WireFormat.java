package org.llavacluster.worker.wire;

import org.llavacluster.engine.DType;
import org.llavacluster.proto.cluster.v1.DataType;

/** How features and embeddings travel between nodes, and how their caches hold them. Computing is always in float32. */
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

    /** As the header of a tensor names it. */
    public DataType dataType() {
        return dataType;
    }
}

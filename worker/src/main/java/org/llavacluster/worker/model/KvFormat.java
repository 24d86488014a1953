package org.llavacluster.worker.model;

import org.llavacluster.engine.DType;

/** How elements of K and V are stored. */
public enum KvFormat {
    F32(DType.F32),
    BF16(DType.BF16),
    F16(DType.F16);

    private final DType dtype;

    KvFormat(DType dtype) {
        this.dtype = dtype;
    }

    /** The format for a floating-point element type. */
    static KvFormat of(DType dtype) {
        return valueOf(dtype.name());
    }

    public DType dtype() {
        return dtype;
    }
}

package org.llavacluster.worker.config;

import org.llavacluster.engine.DType;

/** How single elements of K and V are stored. */
public enum FloatFormat {
    F32(DType.F32),
    BF16(DType.BF16),
    F16(DType.F16);

    private final DType dtype;

    FloatFormat(DType dtype) {
        this.dtype = dtype;
    }

    /** The format of a type, which is one of floats. */
    static FloatFormat of(DType dtype) {
        return valueOf(dtype.name());
    }

    public DType dtype() {
        return dtype;
    }
}

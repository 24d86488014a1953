package org.llavacluster.cli.options;

import java.util.Locale;
import org.llavacluster.engine.DType;

/** How elements of K and V are stored. */
public enum KvType {
    F32(DType.F32),
    BF16(DType.BF16),
    F16(DType.F16);

    private final DType dtype;

    KvType(DType dtype) {
        this.dtype = dtype;
    }

    public DType dtype() {
        return dtype;
    }

    /** The name in options and properties. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}

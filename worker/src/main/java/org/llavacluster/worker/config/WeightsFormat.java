package org.llavacluster.worker.config;

import java.util.Locale;

/** How a backend holds weights, whatever the checkpoint stores. */
public enum WeightsFormat {
    F32,
    BF16,
    Q8_0,
    Q4_0;

    /** As written in properties and in the numerics id. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}

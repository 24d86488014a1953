package org.llavacluster.worker.config;

/** How a backend holds weights, whatever the checkpoint stores. */
public enum WeightsFormat {
    F32,
    BF16,
    Q8_0,
    Q4_0
}

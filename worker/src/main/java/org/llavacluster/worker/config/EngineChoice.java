package org.llavacluster.worker.config;

/** Which backend computes. */
public enum EngineChoice {
    /** TensorFlow where it sees a GPU, else SIMD. */
    AUTO,
    SIMD,
    TENSORFLOW
}

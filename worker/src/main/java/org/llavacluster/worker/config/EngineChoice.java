package org.llavacluster.worker.config;

/** Which backend computes. */
public enum EngineChoice {
    /** TensorFlow where it sees a GPU, else the fastest that there is. */
    AUTO,
    SIMD,
    TENSORFLOW
}

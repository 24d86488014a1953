package org.llavacluster.worker.model;

/** Values of {@code llava.engine}: the backend that computes. */
public enum EngineChoice {
    /** TensorFlow if it sees a GPU, otherwise SIMD. */
    AUTO,
    SIMD,
    TENSORFLOW
}

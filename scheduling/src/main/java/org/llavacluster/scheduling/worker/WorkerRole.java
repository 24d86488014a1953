package org.llavacluster.scheduling.worker;

/** What a worker computes. */
public enum WorkerRole {
    VISION,
    PROJECTOR,
    DECODER
}

package org.llavacluster.simulator.history;

import org.llavacluster.scheduling.worker.WorkerRole;

/** A fault that was made. */
public record FaultRecord(long nanos, Kind kind, WorkerRole role, String worker) {

    /** What was done to a worker. */
    public enum Kind {
        /** Its process ended, without a word. */
        KILL,
        /** It stood still. */
        PAUSE,
        /** Its links carried nothing, one way or both. */
        CUT,
        /** It computed more slowly. */
        SLOW,
        /** It was asked to stop, and left its streams to others. */
        DRAIN,
        /** It failed all that it was asked, at once. */
        FAIL,
        /** It lost the tensors that it kept. */
        EVICT,
        /** It came back with other weights. */
        ROLLOUT
    }
}

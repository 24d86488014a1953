package org.llavacluster.gateway.resume;

import org.llavacluster.node.membership.WorkerEpoch;

/**
 * How an attempt at a request ended without an answer.
 *
 * @param worker that the attempt ran at
 * @param beganNanos when the attempt began
 * @param endedNanos when it was lost
 */
public record Loss(WorkerEpoch worker, Cause cause, long beganNanos, long endedNanos) {

    /** Why an attempt was lost. */
    public enum Cause {
        /** The connection broke or the call ended without an answer: the process may be gone. */
        DIED,
        /** Nothing was heard of the worker for too long. */
        SILENT,
        /** The worker drains and gave the request back. */
        MOVED,
        /** The worker is there but cannot take the request now. */
        TURNED_AWAY,
        /** The worker is there but failed at the request. */
        FAILED
    }

    public Loss {
        if (endedNanos < beganNanos) {
            throw new IllegalArgumentException("an attempt that ended before it began");
        }
    }
}

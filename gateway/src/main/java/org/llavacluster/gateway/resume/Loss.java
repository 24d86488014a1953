package org.llavacluster.gateway.resume;

import org.llavacluster.node.membership.WorkerEpoch;

/**
 * How an attempt at a request ended without an answer.
 *
 * @param worker worker of the attempt
 * @param beganNanos when the attempt began
 * @param endedNanos when it was lost
 */
public record Loss(WorkerEpoch worker, Cause cause, long beganNanos, long endedNanos) {

    /** Why an attempt was lost. */
    public enum Cause {
        /** The connection broke or the call ended without an answer: the process may have ended. */
        DIED,
        /** The worker sent nothing for too long. */
        SILENT,
        /** The worker drains and returned the request. */
        MOVED,
        /** The worker is up but cannot accept the request at present. */
        TURNED_AWAY,
        /** The worker is up but failed at the request. */
        FAILED
    }

    public Loss {
        if (endedNanos < beganNanos) {
            throw new IllegalArgumentException("an attempt that ended before it began");
        }
    }
}

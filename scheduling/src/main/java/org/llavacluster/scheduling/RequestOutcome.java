package org.llavacluster.scheduling;

import org.llavacluster.scheduling.name.ContentDigest;

/** How a request ended. */
public sealed interface RequestOutcome {

    record Completed() implements RequestOutcome {}

    record Cancelled() implements RequestOutcome {}

    /** Its deadline came. */
    record Expired() implements RequestOutcome {}

    /**
     * Nothing was done for it.
     *
     * @param retryNanos after so long the same request could be taken
     */
    record Refused(Refusal reason, long retryNanos) implements RequestOutcome {}

    /** One of its images cannot be encoded. */
    record ImageRefused(ContentDigest featureKey) implements RequestOutcome {}

    /** @param produced tokens that were sent before */
    record Failed(Fault fault, int produced) implements RequestOutcome {}

    /** Why a request was not taken. */
    enum Refusal {
        /** The queue is full. */
        QUEUE_FULL,
        /** It cannot be done by its deadline, as things are. */
        TOO_LATE,
        /** The same request killed workers before. */
        QUARANTINED
    }

    /** Why a request that was taken did not complete. */
    enum Fault {
        /** No worker of a role that it needs is there. */
        NO_WORKER,
        /** An image was lost as often as it may be encoded. */
        IMAGE_LOST,
        /** A decoder refused it for good. */
        REFUSED,
        /** Workers failed it as often as it may be tried, or the retry budget is spent. */
        RETRIES_SPENT,
        /** No decoder is left that would continue the answer with the same bits. */
        NUMERICS_GONE,
        /** Two workers died of it. */
        KILLED_WORKERS
    }
}

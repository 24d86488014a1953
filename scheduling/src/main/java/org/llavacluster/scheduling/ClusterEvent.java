package org.llavacluster.scheduling;

import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerReport;

/**
 * What happened outside since the last step. Events of requests that have ended, of attempts that were given up and of
 * batches that have no waiting request are dropped and counted.
 */
public sealed interface ClusterEvent {

    record Submitted(RequestSpec spec) implements ClusterEvent {}

    /** The caller gave the request up. */
    record Cancelled(long id) implements ClusterEvent {}

    /** A worker reports its state. A worker that stops reporting is suspect. */
    record WorkerReported(WorkerReport report) implements ClusterEvent {}

    /** Nothing is heard of a worker any more: for callers that look for silence themselves. */
    record WorkerSilent(String worker, long epoch) implements ClusterEvent {}

    /** The connection to a worker, or its process, ended. */
    record WorkerLost(String worker, long epoch) implements ClusterEvent {}

    /** An image of a batch is encoded: its features are at the node. */
    record ImageEncoded(long batch, ContentDigest featureKey) implements ClusterEvent {}

    /** An image of a batch cannot be encoded, there or elsewhere. */
    record ImageRefused(long batch, ContentDigest featureKey) implements ClusterEvent {}

    /** A batch ended: images without a result have to be encoded elsewhere. */
    record BatchEnded(long batch, boolean failed) implements ClusterEvent {}

    /** A decoder began: its prefix cache held so much of the prompt. */
    record Accepted(long id, int attempt, int cachedTokens) implements ClusterEvent {}

    /** New tokens came. */
    record Produced(long id, int attempt, int tokens) implements ClusterEvent {}

    /**
     * The decoder cannot get an image's embeddings.
     *
     * @param unreachable a node was not reached, so the tensors may still be where they were
     */
    record ImageMissing(long id, int attempt, ContentDigest featureKey, boolean unreachable) implements ClusterEvent {}

    /** The whole answer is there. */
    record Completed(long id, int attempt) implements ClusterEvent {}

    /** A decoder's call ended without the whole answer. */
    record Broken(long id, int attempt, Cause cause) implements ClusterEvent {}

    /** Why a call to a decoder ended early. */
    enum Cause {
        /** The connection broke: the process may have ended. */
        LOST,
        /** It drains, and leaves the request to others. */
        HANDED_OVER,
        /** It has no place now. */
        FULL,
        /** It takes nothing now: it starts or stops. */
        TURNED_AWAY,
        /** It failed, for no reason of the request's. */
        FAILED,
        /** The request cannot be served, there or elsewhere. */
        REFUSED
    }
}

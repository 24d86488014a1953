package org.llavacluster.node.tensor;

import java.util.concurrent.CompletableFuture;

/** A pull in progress. */
public interface TensorPull {

    /**
     * Completes exactly once and never exceptionally, by the call's deadline at the latest, on a thread that may be
     * used for follow-up work.
     */
    CompletableFuture<PullOutcome> outcome();

    /**
     * Ends the call and frees its memory. The outcome is then Failed with Cancelled, unless it was complete already.
     */
    void cancel();
}

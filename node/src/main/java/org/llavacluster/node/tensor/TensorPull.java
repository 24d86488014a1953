package org.llavacluster.node.tensor;

import java.util.concurrent.CompletableFuture;

/** A pull on its way. */
public interface TensorPull {

    /**
     * Completes exactly once and never exceptionally, by the call's deadline at the latest, and on a thread that may be
     * used for what follows.
     */
    CompletableFuture<PullOutcome> outcome();

    /** Ends the call and frees its memory; the outcome is then Failed with Cancelled, unless it was there already. */
    void cancel();
}

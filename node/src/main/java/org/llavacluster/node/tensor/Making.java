package org.llavacluster.node.tensor;

import org.llavacluster.node.failure.Failure;

/**
 * The right and the duty to make a tensor that others wait for. Ends with exactly one of the calls below; later ones do
 * nothing, except that a tensor given too late is released.
 */
public interface Making {

    /** The tensor is there: waiters get it, and it stays in the cache. Takes over the tensor. */
    void complete(StoredTensor tensor);

    void absent();

    void wrongRevision();

    void fail(Failure failure);

    /**
     * Runs once when the last waiter has left, and at once where nobody waits any more: stop the work. Never after the
     * end.
     */
    void onUnwanted(Runnable action);
}

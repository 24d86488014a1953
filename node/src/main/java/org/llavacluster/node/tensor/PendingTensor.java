package org.llavacluster.node.tensor;

import org.llavacluster.node.failure.Failure;

/**
 * The duty to compute a tensor that others wait for. It ends with the first call of {@link #complete}, {@link #absent},
 * {@link #wrongRevision} or {@link #fail}; later calls do nothing, except that a late tensor is released.
 */
public interface PendingTensor {

    /** Delivers the tensor to all waiters and keeps it in the cache. The cache owns the tensor from then on. */
    void complete(CachedTensor tensor);

    void absent();

    void wrongRevision();

    void fail(Failure failure);

    /** Whether the tensor is still to be computed: false as soon as the last waiter has left, and after the end. */
    boolean isWanted();

    /**
     * Registers what stops the work. It runs at most once: when the last waiter leaves, or at once if none is left;
     * never after the tensor has ended.
     *
     * @throws IllegalStateException if an action was registered before
     */
    void onAbandoned(Runnable action);
}

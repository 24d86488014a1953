package org.llavacluster.node.tensor;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.llavacluster.node.time.Clock;

/**
 * Tensors by key, bounded in bytes. A key is absent, pending (somebody makes it; those who want it wait, bounded and until their
 * deadline) or ready. What is being sent is pinned; the least recently used of the others make room. Room is reserved when the making
 * begins, so the bytes held never exceed the limit.
 */
public final class TensorCache<K> implements AutoCloseable {

    public TensorCache(String name, long limitBytes, int maxWaiters, Clock clock, MeterRegistry metrics) {
        throw new UnsupportedOperationException(name + limitBytes + maxWaiters + clock + metrics);
    }

    /** Answers the waiter: ready, pending and later, or absent. */
    public void find(K key, TensorWaiter waiter) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins a making unless the tensor is there or being made; empty then.
     *
     * @param bytes most bytes that the tensor will have
     * @throws org.llavacluster.node.failure.FailureException {@code Overloaded} where there is no room but will be, {@code TooLarge} where
     *     there never is
     */
    public Optional<Making> begin(K key, long bytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * {@link #find} and {@link #begin} in one step: where the tensor is absent the waiter is parked and the caller gets the duty to make it,
     * which ends early when the last waiter leaves. Failures go to the waiter.
     */
    public Optional<Making> findOrBegin(K key, long bytes, TensorWaiter waiter) {
        throw new UnsupportedOperationException();
    }

    public boolean contains(K key) {
        throw new UnsupportedOperationException();
    }

    /** Bytes held and reserved. */
    public long bytes() {
        throw new UnsupportedOperationException();
    }

    public long limitBytes() {
        throw new UnsupportedOperationException();
    }

    /** Tensors held. */
    public int entries() {
        throw new UnsupportedOperationException();
    }

    /** Ends all waiters with Unavailable and releases what is not pinned, the rest when its pins close. */
    @Override
    public void close() {}
}

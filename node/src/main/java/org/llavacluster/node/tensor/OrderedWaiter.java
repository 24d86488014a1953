package org.llavacluster.node.tensor;

import java.util.Optional;

/**
 * A waiter in the table of a cache. Another thread may complete the tensor after the waiter is parked and before the
 * waiter has got its {@link TensorWaiter#pending}. Such an answer is held until the lookup has ended, so that the
 * waiter gets its calls in the promised order.
 */
final class OrderedWaiter {

    private final TensorWaiter waiter;
    private boolean found;
    private Optional<TensorAnswer> early = Optional.empty();

    OrderedWaiter(TensorWaiter waiter) {
        this.waiter = waiter;
    }

    void pending() {
        waiter.pending();
    }

    void onLeave(Runnable action) {
        waiter.onLeave(action);
    }

    void answer(TensorAnswer answer) {
        synchronized (this) {
            if (!found) {
                early = Optional.of(answer);
                return;
            }
        }
        waiter.answer(answer);
    }

    /** The lookup has ended: a held answer goes to the waiter now, a later one at once. */
    void found() {
        synchronized (this) {
            found = true;
        }
        early.ifPresent(waiter::answer);
    }
}

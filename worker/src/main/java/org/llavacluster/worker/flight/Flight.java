package org.llavacluster.worker.flight;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The making of one value, for all who wait for it. It ends once: finished by its maker, or abandoned because nobody waits any
 * more. Safe for use by several threads; callbacks run outside of the lock, on the thread that caused them.
 */
public final class Flight<V> {

    private final Consumer<Flight<V>> onEnd;
    private final List<Consumer<V>> waiters = new ArrayList<>();
    private Runnable onAbandoned = () -> {};
    private boolean ended;
    private boolean abandoned;

    /** @param onEnd runs before any waiter is told */
    Flight(Consumer<Flight<V>> onEnd) {
        this.onEnd = onEnd;
    }

    /** False once it has ended: work on it would be for nobody. */
    public synchronized boolean wanted() {
        return !ended;
    }

    /** What stops the work when nobody waits any more; replaces what was set before. Runs at once if that is so already. */
    public void onAbandoned(Runnable stop) {
        synchronized (this) {
            if (!abandoned) {
                onAbandoned = stop;
                return;
            }
        }
        stop.run();
    }

    /** Hands the value to all who wait. Without effect if it has ended. */
    public void finish(V value) {
        List<Consumer<V>> told;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            told = List.copyOf(waiters);
            waiters.clear();
        }
        onEnd.accept(this);
        told.forEach(waiter -> waiter.accept(value));
    }

    /** Whether the waiter will be told. */
    synchronized boolean add(Consumer<V> waiter) {
        return !ended && waiters.add(waiter);
    }

    void leave(Consumer<V> waiter) {
        Runnable stop;
        synchronized (this) {
            if (!waiters.remove(waiter) || !waiters.isEmpty()) {
                return;
            }
            ended = true;
            abandoned = true;
            stop = onAbandoned;
        }
        onEnd.accept(this);
        stop.run();
    }
}

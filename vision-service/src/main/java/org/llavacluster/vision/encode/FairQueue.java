package org.llavacluster.vision.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A queue in which requesters get turns in proportion to the cost of their items: addresses take turns, within those
 * their connections, and so on along {@link Requester#path}. Items of one requester keep their order. A new requester
 * comes before all but the first waiting item of another. Not thread-safe.
 *
 * @param <T> items, distinct by identity
 */
public final class FairQueue<T> {

    private final TurnLevel<T> addresses = new TurnLevel<>(3);
    private int size;

    /**
     * Adds an item after the requester's other items.
     *
     * @param cost at least 1
     */
    public void add(Requester requester, long cost, T item) {
        if (cost < 1) {
            throw new IllegalArgumentException("an item of cost " + cost);
        }
        addresses.add(requester.path(), new WaitingLine.Place<>(cost, item));
        size++;
    }

    /** The next item, which stays in the queue. */
    public Optional<T> first() {
        return addresses.first();
    }

    /** Takes the first item that may go now: the first one of a requester if there is such, else a later one. */
    public Optional<T> take(Predicate<? super T> canGo) {
        Optional<T> taken = addresses
                .take(1, canGo)
                .or(() -> addresses.take(Integer.MAX_VALUE, canGo))
                .map(WaitingLine.Place::item);
        size -= taken.isPresent() ? 1 : 0;
        return taken;
    }

    /** Removes the item if it is in the queue. */
    public boolean remove(T item) {
        boolean removed = addresses.remove(item);
        size -= removed ? 1 : 0;
        return removed;
    }

    /** Takes all items. */
    public List<T> clear() {
        List<T> items = new ArrayList<>(size);
        addresses.moveTo(items);
        size = 0;
        return items;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** Number of remembered addresses. */
    int remembered() {
        return addresses.remembered();
    }
}

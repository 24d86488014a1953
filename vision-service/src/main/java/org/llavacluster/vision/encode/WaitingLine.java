package org.llavacluster.vision.encode;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Waiting items, in the order in which they are to be taken.
 *
 * @param <T> items, distinct by identity
 */
interface WaitingLine<T> {

    /** An item and its cost. */
    record Place<T>(long cost, T item) {}

    /**
     * @param path the requester, from the outermost level below this one
     */
    void add(List<String> path, Place<T> place);

    /** The next item, which stays. */
    Optional<T> first();

    /**
     * Takes the first item that may go now.
     *
     * @param most how many items of each requester are looked at
     */
    Optional<Place<T>> take(int most, Predicate<? super T> canGo);

    /** Removes the item if it waits here. */
    boolean remove(T item);

    /** Moves all items to the list. */
    void moveTo(List<T> items);

    boolean isEmpty();
}

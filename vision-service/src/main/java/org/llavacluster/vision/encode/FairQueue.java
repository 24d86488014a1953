package org.llavacluster.vision.encode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A queue in which requesters get turns in proportion to the cost of their items: start-time fair queueing (Goyal, Vin
 * and Cheng, 1996). Items of one requester keep their order. A new requester comes before all but the first waiting
 * item of another. Not thread-safe.
 *
 * @param <T> items, distinct by identity
 */
public final class FairQueue<T> {

    private static final Comparator<Place<?>> ORDER =
            Comparator.<Place<?>>comparingLong(Place::start).thenComparingLong(Place::arrival);

    /** Most requesters that are remembered. Beyond it the least recently seen are forgotten, with what they owe. */
    private static final int REMEMBERED = 4096;

    private final TreeSet<Place<T>> places = new TreeSet<>(ORDER);
    /** For each requester, where its last item ends in units of cost. Ends in the past are removed. */
    private final Map<String, Long> ends = new LinkedHashMap<>(16, 0.75f, true);
    /** Virtual time: an item of a new requester starts here. */
    private long now;

    private long arrivals;

    private record Place<T>(long start, long arrival, long cost, T item) {}

    /**
     * Adds an item after the requester's other items.
     *
     * @param cost at least 1
     */
    public void add(String requester, long cost, T item) {
        if (cost < 1) {
            throw new IllegalArgumentException("an item of cost " + cost);
        }
        long start = Math.max(now, ends.getOrDefault(requester, 0L));
        ends.put(requester, start + cost);
        places.add(new Place<>(start, arrivals++, cost, item));
        if (ends.size() > REMEMBERED) {
            ends.remove(ends.keySet().iterator().next());
        }
    }

    /** The next item, which stays in the queue. */
    public Optional<T> first() {
        return places.isEmpty() ? Optional.empty() : Optional.of(places.first().item);
    }

    /** Takes the first item that may go now. */
    public Optional<T> take(Predicate<? super T> canGo) {
        for (Place<T> place : places) {
            if (canGo.test(place.item)) {
                places.remove(place);
                advance(place);
                return Optional.of(place.item);
            }
        }
        return Optional.empty();
    }

    /** Removes the item if it is in the queue. */
    public boolean remove(T item) {
        return places.removeIf(place -> place.item == item);
    }

    /** Takes all items, in the order of their turns. */
    public List<T> clear() {
        List<T> items = new ArrayList<>(places.size());
        places.forEach(place -> items.add(place.item));
        places.clear();
        return items;
    }

    public boolean isEmpty() {
        return places.isEmpty();
    }

    public int size() {
        return places.size();
    }

    /** Number of remembered requesters. */
    int remembered() {
        return ends.size();
    }

    /**
     * Virtual time advances by the item's share of all requesters' work, so that new requesters do not starve old ones.
     */
    private void advance(Place<T> taken) {
        now = Math.max(now, taken.start) + taken.cost / (ends.size() + 1);
        ends.values().removeIf(end -> end <= now);
    }
}

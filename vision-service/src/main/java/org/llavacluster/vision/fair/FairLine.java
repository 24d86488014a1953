package org.llavacluster.vision.fair;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A line in which each requester gets turns in proportion to what its items cost: start-time fair queueing (Goyal, Vin and Cheng,
 * 1996). Items of one requester keep their order. A requester that comes new stands before all but the first of what another has
 * waiting. Not safe for use by several threads.
 *
 * @param <T> items, distinct by identity
 */
public final class FairLine<T> {

    private static final Comparator<Place<?>> ORDER =
            Comparator.<Place<?>>comparingLong(Place::start).thenComparingLong(Place::arrival);

    /** Beyond these the requesters not heard of for longest are forgotten: they lose what they owe. */
    private static final int REMEMBERED = 4096;

    private final TreeSet<Place<T>> places = new TreeSet<>(ORDER);
    /** Of each requester, where its last item ends, in units of cost; those that lie behind are forgotten. */
    private final Map<String, Long> ends = new LinkedHashMap<>(16, 0.75f, true);
    /** Virtual time: an item of a new requester starts here. */
    private long now;

    private long arrivals;

    private record Place<T>(long start, long arrival, long cost, T item) {}

    /**
     * Puts an item at the end of what its requester has in the line.
     *
     * @param cost at least 1
     */
    public void add(String requester, long cost, T item) {
        if (cost < 1) {
            throw new IllegalArgumentException("an item that costs " + cost);
        }
        long start = Math.max(now, ends.getOrDefault(requester, 0L));
        ends.put(requester, start + cost);
        places.add(new Place<>(start, arrivals++, cost, item));
        if (ends.size() > REMEMBERED) {
            ends.remove(ends.keySet().iterator().next());
        }
    }

    /** The item whose turn is next; it stays. */
    public Optional<T> first() {
        return places.isEmpty() ? Optional.empty() : Optional.of(places.first().item);
    }

    /** Takes the first item that can go now. */
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

    /** Takes the item out, if it is in the line. */
    public boolean remove(T item) {
        return places.removeIf(place -> place.item == item);
    }

    /** Takes all items out, in the order of their turns. */
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

    /** Requesters that the line still has to remember. */
    int remembered() {
        return ends.size();
    }

    /** Time passes by the item's share of all requesters' work, so that new ones do not keep old ones from their turns. */
    private void advance(Place<T> taken) {
        now = Math.max(now, taken.start) + taken.cost / (ends.size() + 1);
        ends.values().removeIf(end -> end <= now);
    }
}

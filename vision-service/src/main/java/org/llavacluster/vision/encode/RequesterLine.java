package org.llavacluster.vision.encode;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Items of one requester, in the order in which they came. */
final class RequesterLine<T> implements WaitingLine<T> {

    private final ArrayDeque<Place<T>> places = new ArrayDeque<>();

    @Override
    public void add(List<String> path, Place<T> place) {
        places.add(place);
    }

    @Override
    public Optional<T> first() {
        return Optional.ofNullable(places.peek()).map(Place::item);
    }

    @Override
    public Optional<Place<T>> take(int most, Predicate<? super T> canGo) {
        Iterator<Place<T>> each = places.iterator();
        for (int i = 0; i < most && each.hasNext(); i++) {
            Place<T> place = each.next();
            if (canGo.test(place.item())) {
                each.remove();
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean remove(T item) {
        return places.removeIf(place -> place.item() == item);
    }

    @Override
    public void moveTo(List<T> items) {
        places.forEach(place -> items.add(place.item()));
        places.clear();
    }

    @Override
    public boolean isEmpty() {
        return places.isEmpty();
    }
}

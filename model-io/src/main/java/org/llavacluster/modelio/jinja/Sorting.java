package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Python's {@code sorted()}: stable, and tolerant of inconsistent orders. */
final class Sorting {

    private Sorting() {}

    private record Keyed(Object key, Object item) {}

    static List<Object> sorted(List<Object> items, UnaryOperator<Object> key, boolean reverse) {
        List<Keyed> keyed = new ArrayList<>(items.size());
        items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
        List<Object> sorted = new ArrayList<>(items.size());
        merged(keyed, reverse).forEach(each -> sorted.add(each.item()));
        return sorted;
    }

    private static List<Keyed> merged(List<Keyed> items, boolean reverse) {
        if (items.size() < 2) {
            return items;
        }
        List<Keyed> left = merged(items.subList(0, items.size() / 2), reverse);
        List<Keyed> right = merged(items.subList(items.size() / 2, items.size()), reverse);
        List<Keyed> merged = new ArrayList<>(items.size());
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            boolean rightFirst = reverse
                    ? Equality.less(left.get(i).key(), right.get(j).key())
                    : Equality.less(right.get(j).key(), left.get(i).key());
            merged.add(rightFirst ? right.get(j++) : left.get(i++));
        }
        merged.addAll(left.subList(i, left.size()));
        merged.addAll(right.subList(j, right.size()));
        return merged;
    }
}

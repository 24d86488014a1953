package org.llavacluster.modelio.jinja;

import java.util.List;

/** The result of {@code cycler()}. */
final class CyclerValue {

    private final List<Object> items;
    private int position;

    CyclerValue(List<Object> items) {
        if (items.isEmpty()) {
            throw TemplateException.runtime("cycler(): at least one item has to be provided");
        }
        this.items = items;
    }

    Object current() {
        return items.get(position);
    }

    Object next() {
        Object item = current();
        position = (position + 1) % items.size();
        return item;
    }

    void reset() {
        position = 0;
    }

    List<Object> items() {
        return items;
    }

    int position() {
        return position;
    }
}

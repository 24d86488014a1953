package org.llavacluster.modelio.jinja;

import java.util.List;

/** A list or a tuple. Templates cannot change either. */
abstract sealed class SequenceValue permits ListValue, TupleValue {

    private final List<Object> items;
    private final long weight;

    SequenceValue(List<Object> items) {
        this.items = items;
        this.weight = ValueWeight.sum(items);
    }

    List<Object> items() {
        return items;
    }

    int size() {
        return items.size();
    }

    long weight() {
        return weight;
    }

    /** A sequence of the same kind with other items. */
    abstract SequenceValue with(List<Object> others);
}

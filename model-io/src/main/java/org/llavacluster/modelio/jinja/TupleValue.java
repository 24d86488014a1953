package org.llavacluster.modelio.jinja;

import java.util.List;

/** Python's {@code tuple}, or a named one. */
final class TupleValue extends SequenceValue {

    private final List<String> names;

    TupleValue(List<Object> items) {
        this(items, List.of());
    }

    /**
     * @param names names of the items, or none
     */
    TupleValue(List<Object> items, List<String> names) {
        super(items);
        this.names = names;
    }

    static TupleValue of(Object... items) {
        return new TupleValue(List.of(items));
    }

    List<String> names() {
        return names;
    }

    @Override
    TupleValue with(List<Object> others) {
        return new TupleValue(others);
    }
}

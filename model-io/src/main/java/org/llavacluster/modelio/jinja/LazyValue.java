package org.llavacluster.modelio.jinja;

import java.util.Iterator;
import java.util.function.Supplier;

/** A Python generator or iterator. Its items are computed one by one on request, and only once. */
final class LazyValue implements Iterator<Object> {

    private final String typeName;
    private final Supplier<Iterator<Object>> start;
    private Iterator<Object> items;

    /**
     * @param start called when the first item is requested
     */
    LazyValue(String typeName, Supplier<Iterator<Object>> start) {
        this.typeName = typeName;
        this.start = start;
    }

    static LazyValue generator(Supplier<Iterator<Object>> start) {
        return new LazyValue("generator", start);
    }

    String typeName() {
        return typeName;
    }

    private Iterator<Object> items() {
        if (items == null) {
            items = start.get();
        }
        return items;
    }

    @Override
    public boolean hasNext() {
        return items().hasNext();
    }

    @Override
    public Object next() {
        return items().next();
    }
}

package org.llavacluster.modelio.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/** The items of an iterator that pass a test, tested one by one on request. */
final class Selection implements Iterator<Object> {

    private final Iterator<Object> items;
    private final Predicate<Object> test;
    private Object next;

    Selection(Iterator<Object> items, Predicate<Object> test) {
        this.items = items;
        this.test = test;
    }

    @Override
    public boolean hasNext() {
        while (next == null && items.hasNext()) {
            Object item = items.next();
            if (test.test(item)) {
                next = item;
            }
        }
        return next != null;
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object item = next;
        next = null;
        return item;
    }
}

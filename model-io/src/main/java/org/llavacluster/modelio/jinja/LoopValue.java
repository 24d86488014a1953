package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The variable {@code loop}: the position in a loop, and its items. */
final class LoopValue implements Iterator<Object> {

    /** Renders a recursive loop's body for other items. */
    interface Recursion {
        Rope render(Object items, int depth);
    }

    private final Rendering rendering;
    private final Optional<Recursion> recursion;
    private final int depth;
    private Iterator<Object> items;
    private int length;
    private int index;
    private Object before;
    private Object current;
    private Object after;
    private Object lastChanged;

    LoopValue(Rendering rendering, Object iterable, Optional<Recursion> recursion, int depth) {
        this.rendering = rendering;
        this.items = Iteration.of(rendering, iterable);
        this.length = Types.length(iterable);
        this.recursion = recursion;
        this.depth = depth;
    }

    @Override
    public boolean hasNext() {
        return after != null || items.hasNext();
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Object item = after == null ? items.next() : after;
        after = null;
        index++;
        before = current;
        current = item;
        return item;
    }

    /** Counts from 1. */
    int index() {
        return index;
    }

    int depth() {
        return depth;
    }

    /** The number of items; reads all of a lazy sequence to count them. */
    int length() {
        if (length < 0) {
            List<Object> rest = new ArrayList<>();
            items.forEachRemaining(rest::add);
            items = rest.iterator();
            length = index + (after == null ? 0 : 1) + rest.size();
        }
        return length;
    }

    private Object peek() {
        if (after == null && items.hasNext()) {
            after = items.next();
        }
        return after;
    }

    boolean isLast() {
        return peek() == null;
    }

    Object previous() {
        return index == 1 ? Undefined.of("there is no previous item") : before;
    }

    Object following() {
        Object next = peek();
        return next == null ? Undefined.of("there is no next item") : next;
    }

    Object cycle(List<Object> values) {
        if (values.isEmpty()) {
            throw TemplateException.type("no items for cycling given");
        }
        return values.get((index - 1) % values.size());
    }

    boolean changed(List<Object> values) {
        TupleValue now = new TupleValue(values);
        boolean changed = lastChanged == null || !Equality.equal(lastChanged, now);
        lastChanged = now;
        return changed;
    }

    Rope recurse(Bound arguments) {
        return recursion
                .orElseThrow(() ->
                        TemplateException.type("the loop must have the 'recursive' marker to be called recursively"))
                .render(arguments.get(0), depth + 1);
    }

    /** Iterates the loop itself, as a template may: each further item with the loop. */
    Iterator<Object> rest() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return LoopValue.this.hasNext();
            }

            @Override
            public Object next() {
                rendering.work(1);
                return TupleValue.of(LoopValue.this.next(), LoopValue.this);
            }
        };
    }
}

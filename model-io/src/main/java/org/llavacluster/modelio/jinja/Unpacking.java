package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Unpacking of a value that is assigned to several names. */
final class Unpacking {

    private Unpacking() {}

    static List<Object> items(Rendering rendering, Object value, int count) {
        if (!Iteration.isIterable(value)) {
            throw TemplateException.type("cannot unpack non-iterable " + Types.name(value) + " object");
        }
        List<Object> items = new ArrayList<>();
        for (Iterator<Object> iterator = Iteration.of(rendering, value); iterator.hasNext(); ) {
            if (items.size() == count) {
                throw TemplateException.value("too many values to unpack (expected " + count + ")");
            }
            items.add(iterator.next());
        }
        if (items.size() < count) {
            throw TemplateException.value(
                    "not enough values to unpack (expected " + count + ", got " + items.size() + ")");
        }
        return items;
    }
}

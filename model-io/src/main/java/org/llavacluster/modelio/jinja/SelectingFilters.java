package org.llavacluster.modelio.jinja;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that apply another filter or a test to every item, when the item is requested. */
final class SelectingFilters {

    private static final Rope ATTRIBUTE = Rope.of("attribute");

    private SelectingFilters() {}

    static Builtin.Table table() {
        return new Builtin.Table("function")
                .add(
                        "map",
                        "value, *, **",
                        (rendering, a) -> generator(rendering, a, items -> mapped(rendering, items, a)))
                .add("select", "value, *, **", (rendering, a) -> selection(rendering, a, false, true))
                .add("reject", "value, *, **", (rendering, a) -> selection(rendering, a, false, false))
                .add("selectattr", "value, *, **", (rendering, a) -> selection(rendering, a, true, true))
                .add("rejectattr", "value, *, **", (rendering, a) -> selection(rendering, a, true, false));
    }

    private static LazyValue generator(Rendering rendering, Bound a, UnaryOperator<Iterator<Object>> selecting) {
        return LazyValue.generator(() -> Types.isTrue(a.get(0))
                ? selecting.apply(new Deferred(rendering, a.get(0)))
                : Collections.emptyIterator());
    }

    /** Requests the iterator with the first item only, so that invalid arguments of the filter are reported before. */
    private static final class Deferred implements Iterator<Object> {

        private final Rendering rendering;
        private final Object value;
        private Optional<Iterator<Object>> items = Optional.empty();

        Deferred(Rendering rendering, Object value) {
            this.rendering = rendering;
            this.value = value;
        }

        private Iterator<Object> items() {
            if (items.isEmpty()) {
                items = Optional.of(Iteration.of(rendering, value));
            }
            return items.orElseThrow();
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

    private static Iterator<Object> mapped(Rendering rendering, Iterator<Object> items, Bound a) {
        UnaryOperator<Object> function = function(rendering, a);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                return function.apply(items.next());
            }
        };
    }

    private static UnaryOperator<Object> function(Rendering rendering, Bound a) {
        if (a.more().isEmpty() && a.named().containsKey(ATTRIBUTE)) {
            Map<Rope, Object> others = new LinkedHashMap<>(a.named());
            Object attribute = others.remove(ATTRIBUTE);
            Object absent = others.remove(Rope.of("default"));
            if (!others.isEmpty()) {
                throw TemplateException.runtime("map: unexpected keyword argument");
            }
            return AttributePath.getter(attribute, absent == null ? None.NONE : absent);
        }
        if (a.more().isEmpty()) {
            throw TemplateException.runtime("map requires a filter argument");
        }
        String name = name(a.more().getFirst(), "filter");
        Arguments arguments = new Arguments(a.more().subList(1, a.more().size()), a.named());
        return item -> Filters.apply(rendering, name, item, arguments);
    }

    private static String name(Object value, String what) {
        if (value instanceof Rope rope) {
            return rope.text();
        }
        if (value instanceof ListValue || value instanceof DictValue) {
            throw TemplateException.type("unhashable type: '" + Types.name(value) + "'");
        }
        throw TemplateException.runtime("no " + what + " of this name: it is of type " + Types.name(value));
    }

    private static LazyValue selection(Rendering rendering, Bound a, boolean byAttribute, boolean wanted) {
        return generator(rendering, a, items -> {
            Predicate<Object> test = test(rendering, a, byAttribute);
            return new Selection(items, item -> test.test(item) == wanted);
        });
    }

    private static Predicate<Object> test(Rendering rendering, Bound a, boolean byAttribute) {
        List<Object> arguments = a.more();
        UnaryOperator<Object> part = UnaryOperator.identity();
        if (byAttribute) {
            if (arguments.isEmpty()) {
                throw TemplateException.runtime("missing parameter for attribute name");
            }
            part = AttributePath.getter(arguments.getFirst(), None.NONE);
            arguments = arguments.subList(1, arguments.size());
        }
        UnaryOperator<Object> tested = part;
        if (arguments.isEmpty()) {
            return item -> Types.isTrue(tested.apply(item));
        }
        String name = name(arguments.getFirst(), "test");
        Arguments others = new Arguments(arguments.subList(1, arguments.size()), a.named());
        return item -> Types.isTrue(TemplateTests.apply(rendering, name, tested.apply(item), others));
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Filters on lists, dicts and other values with items. */
final class SequenceFilters {

    private SequenceFilters() {}

    static Builtin.Table table() {
        return new Builtin.Table("function")
                .add("length", "obj, /", (_, a) -> length(a.get(0)))
                .alias("count", "length")
                .add("list", "value", (rendering, a) -> new ListValue(Iteration.list(rendering, a.get(0))))
                .add("first", "seq", (rendering, a) -> first(Iteration.of(rendering, a.get(0)), "first"))
                .add("last", "seq", (_, a) -> first(backwards(a.get(0)), "last"))
                .add("random", "seq", (_, a) -> random(a.get(0)))
                .add("reverse", "value", (rendering, a) -> reverse(rendering, a.get(0)))
                .add("join", "value, d=, attribute=", (rendering, a) -> join(rendering, a))
                .add("default", "value, default_value=, boolean=", (_, a) -> {
                    boolean absent = a.get(0) instanceof Undefined || a.flag(2, false) && !Types.isTrue(a.get(0));
                    return absent ? a.get(1, Rope.EMPTY) : a.get(0);
                })
                .alias("d", "default")
                .add("attr", "obj, name", (_, a) -> attribute(a))
                .add("items", "value", (_, a) -> LazyValue.generator(() -> items(a.get(0))))
                .add("dictsort", "value, case_sensitive=, by=, reverse=", (rendering, a) -> dictSort(a))
                .add(
                        "sort",
                        "value, reverse=, case_sensitive=, attribute=",
                        (rendering, a) -> new ListValue(Sorting.sorted(
                                Iteration.list(rendering, a.get(0)),
                                AttributePath.keys(a.get(3, None.NONE), a.flag(2, false)),
                                a.flag(1, false))))
                .add("unique", "value, case_sensitive=, attribute=", (rendering, a) -> unique(rendering, a))
                .add("min", "value, case_sensitive=, attribute=", (rendering, a) -> extreme(rendering, a, "<"))
                .add("max", "value, case_sensitive=, attribute=", (rendering, a) -> extreme(rendering, a, ">"))
                .add("sum", "iterable, attribute=, start=", (rendering, a) -> sum(rendering, a))
                .add("batch", "value, linecount, fill_with=", (rendering, a) -> batch(rendering, a))
                .add("slice", "value, slices, fill_with=", (rendering, a) -> slice(rendering, a))
                .add("groupby", "value, attribute, default=, case_sensitive=", (rendering, a) -> groupBy(rendering, a));
    }

    private static Object length(Object value) {
        int length = Types.length(value);
        if (length < 0) {
            throw TemplateException.type("object of type '" + Types.name(value) + "' has no len()");
        }
        return Numbers.integer(length);
    }

    private static Object first(Iterator<Object> items, String which) {
        return items.hasNext() ? items.next() : Undefined.of("No " + which + " item, sequence was empty.");
    }

    private static Iterator<Object> backwards(Object value) {
        LazyValue reversed = Iteration.reversed(value);
        if (reversed == null) {
            throw TemplateException.type("'" + Types.name(value) + "' object is not reversible");
        }
        return reversed;
    }

    /** Equal requests must get equal prompts, so a random choice is refused unless there is only one item. */
    private static Object random(Object value) {
        int length = Types.length(value);
        if (length < 0) {
            throw TemplateException.type("object of type '" + Types.name(value) + "' has no len()");
        }
        if (length == 0) {
            return Undefined.of("No random item, sequence was empty.");
        }
        if (length > 1) {
            throw TemplateException.runtime(
                    "the filter 'random' is not supported: equal conversations get equal prompts");
        }
        if (value instanceof DictValue) {
            throw TemplateException.lookup("a dict has no item 0");
        }
        return Access.item(value, BigInteger.ZERO);
    }

    private static Object reverse(Rendering rendering, Object value) {
        if (value instanceof Rope) {
            return Access.slice(value, None.NONE, None.NONE, Numbers.integer(-1));
        }
        LazyValue reversed = Iteration.reversed(value);
        if (reversed != null) {
            return reversed;
        }
        if (!Iteration.isIterable(value)) {
            throw TemplateException.runtime("reverse: argument must be iterable");
        }
        return new ListValue(Iteration.list(rendering, value).reversed());
    }

    private static Rope join(Rendering rendering, Bound a) {
        Iterator<Object> items = Iteration.of(rendering, a.get(0));
        UnaryOperator<Object> getter = AttributePath.getter(a.get(2, None.NONE), None.NONE);
        Object separator = a.get(1, Rope.EMPTY);
        List<Object> parts = new ArrayList<>();
        items.forEachRemaining(item -> parts.add(getter.apply(item)));
        boolean markup =
                rendering.autoescape() && (isMarkup(separator) || parts.stream().anyMatch(SequenceFilters::isMarkup));
        if (markup) {
            return Html.join(rendering, Html.escape(separator), new ListValue(parts));
        }
        parts.replaceAll(Printing::text);
        return TextParts.join(Printing.text(separator), parts);
    }

    private static boolean isMarkup(Object value) {
        return value instanceof Rope rope && rope.isMarkup();
    }

    private static Object attribute(Bound a) {
        return Access.onlyAttribute(a.get(0), a.text(1));
    }

    private static Iterator<Object> items(Object value) {
        return switch (value) {
            case Undefined _ -> List.of().iterator();
            case DictValue dict -> dict.items().iterator();
            default -> throw TemplateException.type("can only get item pairs from a mapping");
        };
    }

    private static Object dictSort(Bound a) {
        String by = a.get(2, Rope.of("key")) instanceof Rope rope ? rope.text() : "";
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateException.runtime("dictsort: sorts by either \"key\" or \"value\"");
        }
        Undefined.refuse(a.get(0));
        if (!(a.get(0) instanceof DictValue dict)) {
            throw TemplateException.lookup("'" + Types.name(a.get(0)) + "' object has no attribute 'items'");
        }
        BigInteger part = Numbers.integer(by.equals("key") ? 0 : 1);
        return new ListValue(
                Sorting.sorted(dict.items(), AttributePath.key(part, None.NONE, a.flag(1, false)), a.flag(3, false)));
    }

    private static Object unique(Rendering rendering, Bound a) {
        return LazyValue.generator(() -> {
            UnaryOperator<Object> key = AttributePath.key(a.get(2, None.NONE), None.NONE, a.flag(1, false));
            Set<Object> seen = new HashSet<>();
            return new Selection(Iteration.of(rendering, a.get(0)), item -> seen.add(Equality.key(key.apply(item))));
        });
    }

    private static Object extreme(Rendering rendering, Bound a, String better) {
        Iterator<Object> items = Iteration.of(rendering, a.get(0));
        if (!items.hasNext()) {
            return Undefined.of("No aggregated item, sequence was empty.");
        }
        UnaryOperator<Object> key = AttributePath.key(a.get(2, None.NONE), None.NONE, a.flag(1, false));
        Object best = items.next();
        Object bestKey = key.apply(best);
        while (items.hasNext()) {
            Object item = items.next();
            Object itemKey = key.apply(item);
            if (Equality.ordered(itemKey, better, bestKey)) {
                best = item;
                bestKey = itemKey;
            }
        }
        return best;
    }

    private static Object sum(Rendering rendering, Bound a) {
        Object sum = a.get(2, BigInteger.ZERO);
        Iterator<Object> items = Iteration.of(rendering, a.get(0));
        if (sum instanceof Rope || sum instanceof BytesValue) {
            throw TemplateException.type("sum() can't sum strings");
        }
        UnaryOperator<Object> getter = AttributePath.getter(a.get(1, None.NONE), None.NONE);
        while (items.hasNext()) {
            sum = Operators.binary(rendering, "+", sum, getter.apply(items.next()));
        }
        return sum;
    }

    private static Object batch(Rendering rendering, Bound a) {
        Object size = a.get(1);
        Object fill = a.get(2, None.NONE);
        return LazyValue.generator(() -> {
            Iterator<Object> items = Iteration.of(rendering, a.get(0));
            return new Batches(items, size, fill);
        });
    }

    /** Lists of a fixed number of items, the last one filled up. */
    private record Batches(Iterator<Object> items, Object size, Object fill) implements Iterator<Object> {

        @Override
        public boolean hasNext() {
            return items.hasNext();
        }

        @Override
        public Object next() {
            List<Object> batch = new ArrayList<>();
            do {
                batch.add(items.next());
            } while (items.hasNext() && !Equality.equal(Numbers.integer(batch.size()), size));
            if (fill != None.NONE && Equality.ordered(Numbers.integer(batch.size()), "<", size)) {
                BigInteger wanted = Numbers.index(size);
                if (wanted == null) {
                    throw TemplateException.type(
                            "can't multiply sequence by non-int of type '" + Types.name(size) + "'");
                }
                ValueWeight.checked(Numbers.clamped(wanted));
                while (batch.size() < wanted.intValue()) {
                    batch.add(fill);
                }
            }
            return new ListValue(batch);
        }
    }

    private static Object slice(Rendering rendering, Bound a) {
        return LazyValue.generator(() -> {
            List<Object> items = Iteration.list(rendering, a.get(0));
            Object per = Operators.binary(rendering, "//", Numbers.integer(items.size()), a.get(1));
            Object extra = Operators.binary(rendering, "%", Numbers.integer(items.size()), a.get(1));
            int slices = a.count(1, 0);
            Object fill = a.get(2, None.NONE);
            int perSlice = Numbers.clamped(Numbers.index(per));
            int longer = Numbers.clamped(Numbers.index(extra));
            List<Object> parts = new ArrayList<>();
            int start = 0;
            for (int i = 0; i < slices; i++) {
                rendering.work(1);
                int end = start + perSlice + (i < longer ? 1 : 0);
                List<Object> part = new ArrayList<>(items.subList(start, end));
                if (fill != None.NONE && i >= longer) {
                    part.add(fill);
                }
                parts.add(new ListValue(part));
                start = end;
            }
            return parts.iterator();
        });
    }

    private static Object groupBy(Rendering rendering, Bound a) {
        Object absent = a.get(2, None.NONE);
        boolean caseSensitive = a.flag(3, false);
        UnaryOperator<Object> key = AttributePath.key(a.get(1), absent, caseSensitive);
        UnaryOperator<Object> shown = AttributePath.getter(a.get(1), absent);
        List<Object> sorted = Sorting.sorted(Iteration.list(rendering, a.get(0)), key, false);
        List<Object> groups = new ArrayList<>();
        for (int start = 0; start < sorted.size(); ) {
            Object first = key.apply(sorted.get(start));
            int end = start + 1;
            while (end < sorted.size() && Equality.same(first, key.apply(sorted.get(end)))) {
                end++;
            }
            ListValue members = new ListValue(List.copyOf(sorted.subList(start, end)));
            groups.add(new TupleValue(List.of(shown.apply(sorted.get(start)), members), List.of("grouper", "list")));
            start = end;
        }
        return new ListValue(groups);
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Iterates over values as Python's {@code iter()} does; every item costs a step. */
final class Iteration {

    private Iteration() {}

    static boolean isIterable(Object value) {
        return items(value) != null;
    }

    /**
     * @throws TemplateException of kind TYPE if the value is not iterable
     */
    static Iterator<Object> of(Rendering rendering, Object value) {
        Iterator<Object> items = items(value);
        if (items == null) {
            throw TemplateException.type("'" + Types.name(value) + "' object is not iterable");
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                rendering.work(1);
                return items.next();
            }
        };
    }

    static List<Object> list(Rendering rendering, Object value) {
        List<Object> list = new ArrayList<>();
        of(rendering, value).forEachRemaining(list::add);
        return list;
    }

    private static Iterator<Object> items(Object value) {
        return switch (value) {
            case Undefined _ -> Collections.emptyIterator();
            case Rope rope -> characters(rope);
            case SequenceValue sequence -> sequence.items().iterator();
            case DictValue dict -> dict.keys().iterator();
            case DictViewValue view -> view.items().iterator();
            case RangeValue range -> range.items().iterator();
            case LazyValue lazy -> lazy;
            case LoopValue loop -> loop.rest();
            case BytesValue bytes -> bytes(bytes).iterator();
            default -> null;
        };
    }

    private static List<Object> bytes(BytesValue bytes) {
        List<Object> numbers = new ArrayList<>();
        for (byte each : bytes.bytes()) {
            numbers.add(BigInteger.valueOf(each & 0xff));
        }
        return numbers;
    }

    private static Iterator<Object> characters(Rope rope) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < rope.units();
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int start = at;
                at += Character.charCount(rope.text().codePointAt(at));
                return rope.sub(start, at).withMarkup(false);
            }
        };
    }

    /** The result of {@code reversed()}, or null for a value that it refuses. */
    static LazyValue reversed(Object value) {
        return switch (value) {
            case Undefined _ -> backwards("reversed", List.of());
            case Rope rope -> {
                List<Object> characters = new ArrayList<>();
                characters(rope).forEachRemaining(characters::add);
                yield backwards("reversed", characters);
            }
            case ListValue list -> backwards("list_reverseiterator", list.items());
            case TupleValue tuple -> backwards("reversed", tuple.items());
            case RangeValue range -> backwards("range_iterator", range.items());
            case DictValue dict -> backwards("dict_reversekeyiterator", dict.keys());
            case DictViewValue view ->
                backwards(
                        "dict_reverse"
                                + switch (view.part()) {
                                    case KEYS -> "key";
                                    case VALUES -> "value";
                                    case ITEMS -> "item";
                                }
                                + "iterator",
                        view.items());
            case BytesValue bytes -> backwards("reversed", bytes(bytes));
            default -> null;
        };
    }

    private static LazyValue backwards(String typeName, List<Object> items) {
        return new LazyValue(typeName, () -> items.reversed().iterator());
    }
}

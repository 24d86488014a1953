package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Attributes, items and slices of values, within the sandbox. */
final class Access {

    private Access() {}

    /** {@code object.name}: the attribute, otherwise the item of this name. */
    static Object attribute(Object object, Rope name) {
        Object member = member(object, name);
        if (member == null && object instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (member == null) {
            member = itemOrNull(object, name);
        }
        return member == null ? missing(object, name) : member;
    }

    private static Undefined missing(Object object, Rope name) {
        return Undefined.of(
                name.hasUserText()
                        ? Types.owner(object) + " has no such element"
                        : "'" + Types.owner(object) + "' has no attribute '" + name.text() + "'");
    }

    /** The member, undefined if the sandbox forbids it, null if there is none. */
    private static Object member(Object object, Rope name) {
        Object member = Members.find(object, name.text());
        return member instanceof Undefined undefined && undefined.isForbidden() && name.hasUserText()
                ? Undefined.unsafe(object)
                : member;
    }

    /** {@code object[index]}: the item, otherwise the attribute of this name. */
    static Object item(Object object, Object index) {
        Undefined.refuse(object);
        Object item = itemOrNull(object, index);
        if (item == null && index instanceof Rope name) {
            item = member(object, name);
        }
        if (item != null) {
            return item;
        }
        return index instanceof Rope name
                ? missing(object, name)
                : Undefined.of(Types.owner(object) + " has no such element");
    }

    /** The attribute only, never an item. */
    static Object onlyAttribute(Object object, Rope name) {
        Object member = member(object, name);
        if (member == null) {
            Undefined.refuse(object);
        }
        return member == null ? missing(object, name) : member;
    }

    /** Null if Python raises TypeError or LookupError. */
    private static Object itemOrNull(Object object, Object index) {
        if (object instanceof DictValue dict) {
            return isHashable(index) ? dict.get(index) : null;
        }
        BigInteger position = Numbers.index(index);
        if (position == null || position.bitLength() > 31) {
            return null;
        }
        int length = Types.length(object);
        int at = position.intValue() < 0 ? position.intValue() + length : position.intValue();
        if (at < 0 || at >= length) {
            return null;
        }
        return switch (object) {
            case Rope rope -> rope.sub(rope.unit(at), rope.unit(at + 1));
            case SequenceValue sequence -> sequence.items().get(at);
            case RangeValue range -> range.get(at);
            case BytesValue bytes -> Numbers.integer(bytes.bytes()[at] & 0xff);
            default -> null;
        };
    }

    private static boolean isHashable(Object value) {
        return switch (value) {
            case ListValue _, DictValue _ -> false;
            case TupleValue tuple -> tuple.items().stream().allMatch(Access::isHashable);
            default -> true;
        };
    }

    /** {@code object[start:stop:step]}; a missing bound is {@code None}. */
    static Object slice(Object object, Object start, Object stop, Object step) {
        Undefined.refuse(object);
        int length =
                switch (object) {
                    case Rope _, SequenceValue _, RangeValue _, BytesValue _ -> Types.length(object);
                    case DictValue _ -> throw TemplateException.type("unhashable type: 'slice'");
                    default -> throw TemplateException.type("'" + Types.name(object) + "' object is not subscriptable");
                };
        int by = step == None.NONE ? 1 : Numbers.clamped(bound(step));
        if (by == 0) {
            throw TemplateException.value("slice step cannot be zero");
        }
        int first = by > 0 ? clipped(start, length, 0, length, 0) : clipped(start, length, -1, length - 1, length - 1);
        int end = by > 0 ? clipped(stop, length, 0, length, length) : clipped(stop, length, -1, length - 1, -1);
        if (object instanceof Rope rope && by == 1) {
            return first < end ? rope.sub(rope.unit(first), rope.unit(end)) : Rope.EMPTY.withMarkup(rope.isMarkup());
        }
        if (object instanceof RangeValue range) {
            BigInteger stride = range.step();
            return RangeValue.of(
                    range.start().add(stride.multiply(BigInteger.valueOf(first))),
                    range.start().add(stride.multiply(BigInteger.valueOf(end))),
                    stride.multiply(BigInteger.valueOf(by)));
        }
        return picked(object, first, end, by);
    }

    private static Object picked(Object object, int first, int end, int by) {
        List<Integer> positions = new ArrayList<>();
        for (long i = first; by > 0 ? i < end : i > end; i += by) {
            positions.add((int) i);
        }
        return switch (object) {
            case Rope rope -> pickedText(rope, positions);
            case SequenceValue sequence -> {
                List<Object> items = new ArrayList<>(positions.size());
                positions.forEach(position -> items.add(sequence.items().get(position)));
                yield sequence.with(items);
            }
            default -> {
                BytesValue bytes = (BytesValue) object;
                byte[] some = new byte[positions.size()];
                for (int i = 0; i < some.length; i++) {
                    some[i] = bytes.bytes()[positions.get(i)];
                }
                yield new BytesValue(some, bytes.user());
            }
        };
    }

    private static Rope pickedText(Rope rope, List<Integer> positions) {
        int[] units = new int[rope.length()];
        for (int i = 0, at = 0; i < units.length; i++) {
            units[i] = at;
            at += Character.charCount(rope.text().codePointAt(at));
        }
        RopeBuilder picked = new RopeBuilder(positions.size());
        for (int position : positions) {
            picked.append(rope.text().codePointAt(units[position]), rope.isUserText(units[position]));
        }
        return picked.rope().withMarkup(rope.isMarkup());
    }

    private static BigInteger bound(Object value) {
        BigInteger bound = Numbers.index(value);
        if (bound == null) {
            throw TemplateException.type("slice indices must be integers or None or have an __index__ method");
        }
        return bound;
    }

    private static int clipped(Object value, int length, int lowest, int highest, int absent) {
        if (value == None.NONE) {
            return absent;
        }
        long position = Numbers.clamped(bound(value));
        return (int) Math.clamp(position < 0 ? position + length : position, lowest, highest);
    }
}

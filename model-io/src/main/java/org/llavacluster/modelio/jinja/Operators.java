package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Python's operators on any values. */
final class Operators {

    private Operators() {}

    /** @param operator one of {@code + - * / // % **} */
    static Object binary(Rendering rendering, String operator, Object a, Object b) {
        if (a instanceof Rope format && operator.equals("%")) {
            rendering.work(ValueWeight.of(format) + ValueWeight.of(b));
            return PercentFormat.format(format, b);
        }
        Undefined.refuse(a);
        Undefined.refuse(b);
        if (Types.isNumber(a) && Types.isNumber(b)) {
            rendering.work(bits(a) + bits(b));
            return numeric(operator, a, b);
        }
        if (operator.equals("+")) {
            return concatenation(rendering, a, b);
        }
        if (operator.equals("*")) {
            if (Numbers.index(b) != null && isSequence(a)) {
                return repeated(rendering, a, Numbers.index(b));
            }
            if (Numbers.index(a) != null && isSequence(b)) {
                return repeated(rendering, b, Numbers.index(a));
            }
            if (isSequence(a) || isSequence(b)) {
                throw TemplateException.type(
                        "can't multiply sequence by non-int of type '" + Types.name(isSequence(a) ? b : a) + "'");
            }
        }
        throw unsupported(operator, a, b);
    }

    private static long bits(Object number) {
        return number instanceof BigInteger integer ? integer.bitLength() / 64 : 0;
    }

    private static TemplateException unsupported(String operator, Object a, Object b) {
        return TemplateException.type(
                "unsupported operand types for " + operator + ": '" + Types.name(a) + "' and '" + Types.name(b) + "'");
    }

    private static Object numeric(String operator, Object a, Object b) {
        return switch (operator) {
            case "+" -> Numbers.add(a, b);
            case "-" -> Numbers.subtract(a, b);
            case "*" -> Numbers.multiply(a, b);
            case "/" -> Numbers.divide(a, b);
            case "//" -> Numbers.floorDivide(a, b);
            case "%" -> Numbers.modulo(a, b);
            default -> Numbers.power(a, b);
        };
    }

    private static boolean isSequence(Object value) {
        return value instanceof Rope || value instanceof SequenceValue || value instanceof BytesValue;
    }

    private static Object concatenation(Rendering rendering, Object a, Object b) {
        if (a instanceof Rope x && b instanceof Rope y) {
            return x.isMarkup() || y.isMarkup() ? Html.escape(x).concat(Html.escape(y)) : x.concat(y);
        }
        if (a instanceof ListValue x && b instanceof ListValue y) {
            return new ListValue(joined(rendering, x, y));
        }
        if (a instanceof TupleValue x && b instanceof TupleValue y) {
            return new TupleValue(joined(rendering, x, y));
        }
        if (isSequence(a)) {
            String type = Types.name(a);
            throw TemplateException.type(
                    "can only concatenate " + type + " (not \"" + Types.name(b) + "\") to " + type);
        }
        throw unsupported("+", a, b);
    }

    private static List<Object> joined(Rendering rendering, SequenceValue a, SequenceValue b) {
        rendering.work(a.size() + b.size());
        List<Object> joined = new ArrayList<>(a.items());
        joined.addAll(b.items());
        return joined;
    }

    private static Object repeated(Rendering rendering, Object value, BigInteger times) {
        int count = Math.max(0, Numbers.count(times));
        if (value instanceof Rope rope) {
            if ((long) rope.units() * count > TemplateLimits.STRING_UNITS) {
                throw RopeBuilder.tooLong();
            }
            rendering.work(1 + (long) rope.units() * count / 16);
            return new RopeBuilder(rope.units() * count)
                    .repeat(rope, count)
                    .rope()
                    .withMarkup(rope.isMarkup());
        }
        if (!(value instanceof SequenceValue sequence)) {
            throw unsupported("*", value, times);
        }
        rendering.work((long) sequence.size() * count);
        ValueWeight.checked(sequence.weight() * count);
        List<Object> items = new ArrayList<>(sequence.size() * count);
        for (int i = 0; i < count && sequence.size() > 0; i++) {
            items.addAll(sequence.items());
        }
        return sequence.with(items);
    }

    /** {@code a ~ b ~ c}: with escaping on and markup among them, the others are escaped. */
    static Rope concat(List<Object> values, boolean escapes) {
        boolean escaped = escapes && values.stream().anyMatch(value -> value instanceof Rope rope && rope.isMarkup());
        Rope joined = Rope.EMPTY;
        for (Object value : values) {
            joined = joined.concat(escaped ? Html.escape(value).withMarkup(false) : Printing.text(value));
        }
        return joined.withMarkup(escaped);
    }

    static boolean compare(Rendering rendering, Object a, String operator, Object b) {
        rendering.work(Math.min(ValueWeight.of(a), ValueWeight.of(b)));
        return switch (operator) {
            case "==" -> Equality.equal(a, b);
            case "!=" -> !Equality.equal(a, b);
            case "in" -> contains(rendering, b, a);
            case "not in" -> !contains(rendering, b, a);
            default -> Equality.ordered(a, operator, b);
        };
    }

    static boolean contains(Rendering rendering, Object container, Object item) {
        return switch (container) {
            case Rope text -> {
                if (!(item instanceof Rope part)) {
                    throw TemplateException.type(
                            "'in <string>' requires string as left operand, not " + Types.name(item));
                }
                rendering.work(ValueWeight.of(text));
                yield text.text().contains(part.text());
            }
            case DictValue dict -> dict.get(item) != null;
            case DictViewValue view
            when view.part() == DictViewValue.Part.KEYS -> view.dict().get(item) != null;
            default -> {
                if (!Iteration.isIterable(container)) {
                    throw TemplateException.type("argument of type '" + Types.name(container) + "' is not iterable");
                }
                rendering.work(ValueWeight.of(container));
                for (Iterator<Object> items = Iteration.of(rendering, container); items.hasNext(); ) {
                    if (Equality.same(items.next(), item)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }
}

package org.llavacluster.modelio.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code ==}, {@code <} and hashing. */
final class Equality {

    private Equality() {}

    static boolean equal(Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return Numbers.equal(a, b);
        }
        return switch (a) {
            case ListValue list -> b instanceof ListValue other && equalItems(list, other);
            case TupleValue tuple -> b instanceof TupleValue other && equalItems(tuple, other);
            case DictViewValue view -> b instanceof DictViewValue other && equalViews(view, other);
            default -> a.equals(b);
        };
    }

    private static boolean equalItems(SequenceValue a, SequenceValue b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.items().get(i), b.items().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The same object or an equal one, as containers compare. */
    static boolean same(Object a, Object b) {
        return a == b || equal(a, b);
    }

    private static boolean equalViews(DictViewValue a, DictViewValue b) {
        if (a.part() == DictViewValue.Part.VALUES || b.part() == DictViewValue.Part.VALUES) {
            return a == b;
        }
        return a.dict().size() == b.dict().size()
                && a.items().stream().allMatch(item -> b.items().stream().anyMatch(other -> same(item, other)));
    }

    /**
     * {@code a < b}.
     *
     * @throws TemplateException of kind TYPE if the two have no order
     */
    static boolean less(Object a, Object b) {
        return less(a, b, "<");
    }

    private static boolean less(Object a, Object b, String operator) {
        if (a instanceof Rope x && b instanceof Rope y) {
            return compare(x.text(), y.text()) < 0;
        }
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return Numbers.less(a, b);
        }
        if (a instanceof ListValue x && b instanceof ListValue y) {
            return lessItems(x, y);
        }
        if (a instanceof TupleValue x && b instanceof TupleValue y) {
            return lessItems(x, y);
        }
        throw noOrder(a, b, operator);
    }

    private static TemplateException noOrder(Object a, Object b, String operator) {
        Undefined.refuse(a);
        Undefined.refuse(b);
        return TemplateException.type("'" + operator + "' not supported between instances of '" + Types.name(a)
                + "' and '" + Types.name(b) + "'");
    }

    private static boolean lessItems(SequenceValue a, SequenceValue b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            Object x = a.items().get(i);
            Object y = b.items().get(i);
            if (!same(x, y)) {
                return less(x, y);
            }
        }
        return a.size() < b.size();
    }

    /** Any of the four order comparisons. */
    static boolean ordered(Object a, String operator, Object b) {
        return switch (operator) {
            case "<" -> less(a, b, operator);
            case ">" -> more(a, b, operator);
            case "<=" -> Types.isNumber(a) && Types.isNumber(b) ? less(a, b) || equal(a, b) : !more(a, b, operator);
            default -> Types.isNumber(a) && Types.isNumber(b) ? less(b, a) || equal(a, b) : !less(a, b, operator);
        };
    }

    private static boolean more(Object a, Object b, String operator) {
        try {
            return less(b, a, operator);
        } catch (TemplateException e) {
            throw e.kind() == TemplateException.Kind.TYPE && !(a instanceof SequenceValue)
                    ? noOrder(a, b, operator)
                    : e;
        }
    }

    /** Compares by code points; {@link String#compareTo} would compare UTF-16 units. */
    private static int compare(String a, String b) {
        int same = 0;
        int shorter = Math.min(a.length(), b.length());
        while (same < shorter && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        if (same == shorter) {
            return a.length() - b.length();
        }
        char x = a.charAt(same);
        char y = b.charAt(same);
        boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
        return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : x - y;
    }

    /**
     * The representative of a value in a hash table: equal for equal values.
     *
     * @throws TemplateException of kind TYPE if the value cannot be hashed
     */
    static Object key(Object value) {
        return switch (value) {
            case Boolean bool -> bool ? BigInteger.ONE : BigInteger.ZERO;
            case Double number
            when !number.isInfinite() && !number.isNaN() && number == Math.rint(number) ->
                new BigDecimal(number).toBigInteger();
            case TupleValue tuple -> {
                List<Object> keys = new ArrayList<>();
                tuple.items().forEach(item -> keys.add(key(item)));
                yield keys;
            }
            case ListValue _, DictValue _ -> throw unhashable(value);
            case DictViewValue view when !view.typeName().equals("dict_values") -> throw unhashable(value);
            default -> value;
        };
    }

    private static TemplateException unhashable(Object value) {
        return TemplateException.type("unhashable type: '" + Types.name(value) + "'");
    }
}

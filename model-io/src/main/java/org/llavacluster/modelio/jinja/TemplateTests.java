package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.Map;
import java.util.function.Predicate;

/** The tests of jinja2, used after {@code is}. */
final class TemplateTests {

    private static final Map<String, Builtin> ALL = table().functions();

    private TemplateTests() {}

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
        Builtin test = ALL.get(name);
        if (test == null) {
            throw TemplateException.runtime("no test of this name");
        }
        rendering.work(1);
        return test.call(rendering, arguments.prepended(value));
    }

    private static Builtin.Table table() {
        Builtin.Table table = new Builtin.Table("function");
        add(table, "defined", value -> !(value instanceof Undefined));
        add(table, "undefined", value -> value instanceof Undefined);
        add(table, "none", value -> value == None.NONE);
        add(table, "boolean", value -> value instanceof Boolean);
        add(table, "true", value -> value == Boolean.TRUE);
        add(table, "false", value -> value == Boolean.FALSE);
        add(table, "integer", value -> value instanceof BigInteger);
        add(table, "float", value -> value instanceof Double);
        add(table, "number", Types::isNumber);
        add(table, "string", value -> value instanceof Rope);
        add(table, "mapping", value -> value instanceof DictValue);
        add(table, "sequence", TemplateTests::isSequence);
        add(table, "iterable", Iteration::isIterable);
        add(table, "callable", Types::isCallable);
        add(table, "escaped", value -> value instanceof Rope rope && rope.isMarkup());
        add(table, "lower", value -> StringMethods.isLower(Printing.soft(value)));
        add(table, "upper", value -> StringMethods.isUpper(Printing.soft(value)));
        add(table, "filter", value -> isName(value) && value instanceof Rope name && Filters.exists(name.text()));
        add(table, "test", value -> isName(value) && value instanceof Rope name && TemplateTests.exists(name.text()));
        table.add("odd", "value", (rendering, a) -> hasRemainder(rendering, a.get(0), BigInteger.TWO, 1));
        table.add("even", "value", (rendering, a) -> hasRemainder(rendering, a.get(0), BigInteger.TWO, 0));
        table.add("divisibleby", "value, num", (rendering, a) -> hasRemainder(rendering, a.get(0), a.get(1), 0));
        table.add("sameas", "value, other", (_, a) -> isSame(a.get(0), a.get(1)));
        table.add("in", "value, seq", (rendering, a) -> Operators.contains(rendering, a.get(1), a.get(0)));
        addComparison(table, "==", "eq", "equalto");
        addComparison(table, "!=", "ne");
        addComparison(table, "<", "lt", "lessthan");
        addComparison(table, "<=", "le");
        addComparison(table, ">", "gt", "greaterthan");
        addComparison(table, ">=", "ge");
        return table;
    }

    private static void add(Builtin.Table table, String name, Predicate<Object> test) {
        table.add(name, name.equals("callable") ? "value, /" : "value", (_, a) -> test.test(a.get(0)));
    }

    private static void addComparison(Builtin.Table table, String operator, String... aliases) {
        table.add(operator, "a, b, /", (rendering, a) -> Operators.compare(rendering, a.get(0), operator, a.get(1)));
        for (String alias : aliases) {
            table.alias(alias, operator);
        }
    }

    /** Names are looked up in a dict, which refuses unhashable values. */
    private static boolean isName(Object value) {
        Equality.key(value);
        return true;
    }

    private static boolean isSequence(Object value) {
        return !(value instanceof DictViewValue) && !(value instanceof LoopValue) && Types.length(value) >= 0;
    }

    private static boolean hasRemainder(Rendering rendering, Object value, Object divisor, int remainder) {
        return Equality.equal(Operators.binary(rendering, "%", value, divisor), Numbers.integer(remainder));
    }

    private static boolean isSame(Object a, Object b) {
        if (a instanceof BigInteger x && b instanceof BigInteger y) {
            // Python keeps one object for each small integer.
            return a == b || x.equals(y) && x.bitLength() <= 8;
        }
        return a == b || a instanceof Boolean && a.equals(b) || a instanceof Rope x && x.equals(b) && x.length() < 2;
    }
}

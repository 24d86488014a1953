package org.llavacluster.modelio.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of values. Attributes that Python has and the sandbox forbids give an {@link Undefined} that reports
 * this when used: names that begin with an underscore, and methods that change a list or a dict.
 */
final class Members {

    private static final Set<String> OF_ALL = Set.of(
            "__class__",
            "__delattr__",
            "__dir__",
            "__doc__",
            "__eq__",
            "__format__",
            "__ge__",
            "__getattribute__",
            "__getstate__",
            "__gt__",
            "__hash__",
            "__init__",
            "__init_subclass__",
            "__le__",
            "__lt__",
            "__ne__",
            "__new__",
            "__reduce__",
            "__reduce_ex__",
            "__repr__",
            "__setattr__",
            "__sizeof__",
            "__str__",
            "__subclasshook__");
    private static final Set<String> OF_SEQUENCES = Set.of(
            "__add__",
            "__contains__",
            "__getitem__",
            "__getnewargs__",
            "__iter__",
            "__len__",
            "__mul__",
            "__rmul__",
            "__mod__",
            "__rmod__",
            "__class_getitem__",
            "__reversed__",
            "__setitem__",
            "__delitem__",
            "__iadd__",
            "__imul__");
    private static final Set<String> OF_NUMBERS = Set.of(
            "__abs__",
            "__add__",
            "__and__",
            "__bool__",
            "__ceil__",
            "__divmod__",
            "__float__",
            "__floor__",
            "__floordiv__",
            "__getnewargs__",
            "__index__",
            "__int__",
            "__invert__",
            "__lshift__",
            "__mod__",
            "__mul__",
            "__neg__",
            "__or__",
            "__pos__",
            "__pow__",
            "__radd__",
            "__rmul__",
            "__round__",
            "__rshift__",
            "__rsub__",
            "__sub__",
            "__truediv__",
            "__trunc__",
            "__xor__");
    private static final Set<String> OF_FUNCTIONS = Set.of(
            "__annotations__",
            "__builtins__",
            "__call__",
            "__closure__",
            "__code__",
            "__defaults__",
            "__dict__",
            "__func__",
            "__get__",
            "__globals__",
            "__kwdefaults__",
            "__module__",
            "__name__",
            "__qualname__",
            "__self__",
            "__weakref__");
    private static final Set<String> OF_UNDEFINED = Set.of(
            "_undefined_hint",
            "_undefined_obj",
            "_undefined_name",
            "_undefined_exception",
            "_undefined_message",
            "_fail_with_undefined_error",
            "__slots__",
            "__module__",
            "__iter__",
            "__len__",
            "__bool__",
            "__getattr__",
            "__getitem__",
            "__call__",
            "__add__",
            "__int__",
            "__float__");
    private static final Set<String> CHANGE_LISTS =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> CHANGE_DICTS = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private static final Map<String, Builtin> LIST = methods()
            .add("count", "self, value, /", (rendering, a) -> count(rendering, a))
            .add("index", "self, value, start=, stop=, /", (rendering, a) -> indexOf(rendering, a))
            .add("copy", "self", (_, a) -> a.get(0))
            .functions();
    private static final Map<String, Builtin> DICT = methods()
            .add("keys", "self", (_, a) -> new DictViewValue((DictValue) a.get(0), DictViewValue.Part.KEYS))
            .add("values", "self", (_, a) -> new DictViewValue((DictValue) a.get(0), DictViewValue.Part.VALUES))
            .add("items", "self", (_, a) -> new DictViewValue((DictValue) a.get(0), DictViewValue.Part.ITEMS))
            .add("copy", "self", (_, a) -> a.get(0))
            .add("get", "self, key, default=, /", (_, a) -> {
                Object found = ((DictValue) a.get(0)).get(a.get(1));
                return found == null ? a.get(2, None.NONE) : found;
            })
            .add(
                    "fromkeys",
                    "self, keys, value=, /",
                    (rendering, a) -> Globals.fromKeys(rendering, a.get(1), a.get(2, None.NONE)))
            .functions();
    private static final Map<String, Builtin> NUMBER = methods()
            .add("conjugate", "self", (_, a) -> Numbers.plus(a.get(0)))
            .add("as_integer_ratio", "self", (_, a) -> ratio(a.get(0)))
            .functions();
    private static final Map<String, Builtin> INTEGER = methods()
            .add(
                    "bit_length",
                    "self",
                    (_, a) -> Numbers.integer(Numbers.index(a.get(0)).abs().bitLength()))
            .add(
                    "bit_count",
                    "self",
                    (_, a) -> Numbers.integer(Numbers.index(a.get(0)).abs().bitCount()))
            .functions();
    private static final Map<String, Builtin> FLOAT = methods()
            .add("is_integer", "self", (_, a) -> {
                double number = (Double) a.get(0);
                return !Double.isInfinite(number) && number == Math.rint(number);
            })
            .add("hex", "self", (_, a) -> Rope.of(hex((Double) a.get(0))))
            .functions();
    private static final Map<String, Builtin> BYTES = methods()
            .add("decode", "self, encoding=, errors=", (_, a) -> ((BytesValue) a.get(0)).decoded())
            .add("hex", "self", (_, a) -> Rope.of(java.util.HexFormat.of().formatHex(((BytesValue) a.get(0)).bytes())))
            .functions();
    private static final Map<String, Builtin> LOOP = methods()
            .add("cycle", "self, *", (_, a) -> ((LoopValue) a.get(0)).cycle(a.more()))
            .add("changed", "self, *", (_, a) -> ((LoopValue) a.get(0)).changed(a.more()))
            .functions();
    private static final Map<String, Builtin> CYCLER = methods()
            .add("next", "self", (_, a) -> ((CyclerValue) a.get(0)).next())
            .add("reset", "self", (_, a) -> {
                ((CyclerValue) a.get(0)).reset();
                return None.NONE;
            })
            .functions();

    private Members() {}

    private static Builtin.Table methods() {
        return new Builtin.Table("builtin_function_or_method");
    }

    /** The attribute, or null if there is none. */
    static Object find(Object object, String name) {
        if (object instanceof NamespaceValue namespace) {
            return name.equals("__class__") ? Undefined.unsafe(object, name) : namespace.get(name);
        }
        if (name.startsWith("_")) {
            return isPrivate(object, name) ? Undefined.unsafe(object, name) : null;
        }
        return switch (object) {
            case Rope rope -> method(StringMethods.of(rope), object, name);
            case ListValue _ ->
                CHANGE_LISTS.contains(name) ? Undefined.unsafe(object, name) : method(LIST, object, name);
            case TupleValue tuple ->
                tuple.names().contains(name)
                        ? tuple.items().get(tuple.names().indexOf(name))
                        : name.equals("copy") ? null : method(LIST, object, name);
            case DictValue _ ->
                CHANGE_DICTS.contains(name) ? Undefined.unsafe(object, name) : method(DICT, object, name);
            case DictViewValue view -> name.equals("mapping") ? view.dict() : null;
            case RangeValue range -> rangeMember(range, name);
            case Boolean _, BigInteger _ -> integerMember(object, name);
            case Double number -> floatMember(number, name);
            case BytesValue _ -> method(BYTES, object, name);
            case LoopValue loop -> loopMember(loop, name);
            case MacroValue macro -> macroMember(macro, name);
            case CyclerValue cycler -> cyclerMember(cycler, name);
            case JoinerValue joiner -> joinerMember(joiner, name);
            case BlocksValue blocks -> blocks.block(name);
            case TypeValue type -> type.member(name);
            default -> null;
        };
    }

    private static boolean isPrivate(Object object, String name) {
        if (OF_ALL.contains(name)) {
            return true;
        }
        return switch (object) {
            case Rope _, SequenceValue _, DictValue _, RangeValue _, BytesValue _ -> OF_SEQUENCES.contains(name);
            case Boolean _, BigInteger _, Double _ -> OF_NUMBERS.contains(name);
            case Undefined _ -> OF_UNDEFINED.contains(name);
            case MacroValue _ ->
                OF_FUNCTIONS.contains(name)
                        || name.equals("_func")
                        || name.equals("_environment")
                        || name.equals("_argument_count")
                        || name.equals("_invoke");
            case CallableValue _ -> OF_FUNCTIONS.contains(name);
            case LoopValue _ ->
                Set.of(
                                "_iterable",
                                "_iterator",
                                "_undefined",
                                "_recurse",
                                "_length",
                                "_after",
                                "_current",
                                "_before",
                                "_peek_next",
                                "_last_changed_value",
                                "__len__",
                                "__iter__",
                                "__next__",
                                "__call__")
                        .contains(name);
            default -> false;
        };
    }

    private static Object method(Map<String, Builtin> methods, Object self, String name) {
        Builtin method = methods.get(name);
        return method == null ? null : method.of(self);
    }

    private static Object rangeMember(RangeValue range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            case "copy" -> null;
            default -> method(LIST, range, name);
        };
    }

    private static Object integerMember(Object number, String name) {
        return switch (name) {
            case "real", "numerator" -> Numbers.index(number);
            case "imag" -> BigInteger.ZERO;
            case "denominator" -> BigInteger.ONE;
            default -> {
                Object method = method(INTEGER, number, name);
                yield method == null ? method(NUMBER, number, name) : method;
            }
        };
    }

    private static Object floatMember(Double number, String name) {
        return switch (name) {
            case "real" -> number;
            case "imag" -> 0.0;
            default -> {
                Object method = method(FLOAT, number, name);
                yield method == null ? method(NUMBER, number, name) : method;
            }
        };
    }

    private static Object ratio(Object number) {
        if (!(number instanceof Double value)) {
            return TupleValue.of(Numbers.index(number), BigInteger.ONE);
        }
        if (value.isNaN() || value.isInfinite()) {
            throw value.isNaN()
                    ? TemplateException.value("cannot convert NaN to integer ratio")
                    : TemplateException.arithmetic("cannot convert Infinity to integer ratio");
        }
        BigDecimal exact = new BigDecimal(value);
        BigInteger denominator = BigInteger.TEN.pow(Math.max(0, exact.scale()));
        BigInteger numerator = exact.multiply(new BigDecimal(denominator)).toBigIntegerExact();
        BigInteger common = numerator.gcd(denominator).max(BigInteger.ONE);
        return TupleValue.of(numerator.divide(common), denominator.divide(common));
    }

    private static String hex(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return NumberText.shortest(number);
        }
        String java = Double.toHexString(number);
        int point = java.indexOf('.');
        int power = java.indexOf('p');
        String fraction = java.substring(point + 1, power);
        String exponent = java.substring(power + 1);
        return number == 0
                ? java.substring(0, point) + ".0p+0"
                : java.substring(0, point) + "." + fraction + "0".repeat(13 - fraction.length()) + "p"
                        + (exponent.startsWith("-") ? exponent : "+" + exponent);
    }

    private static Object count(Rendering rendering, Bound a) {
        rendering.work(ValueWeight.of(a.get(0)));
        List<Object> items = Iteration.list(rendering, a.get(0));
        return Numbers.integer(
                items.stream().filter(item -> Equality.same(item, a.get(1))).count());
    }

    private static Object indexOf(Rendering rendering, Bound a) {
        rendering.work(ValueWeight.of(a.get(0)));
        List<Object> items = Iteration.list(rendering, a.get(0));
        int start = a.count(2, 0);
        int stop = a.count(3, items.size());
        start = start < 0 ? Math.max(0, start + items.size()) : start;
        stop = stop < 0 ? stop + items.size() : Math.min(stop, items.size());
        for (int i = start; i < stop; i++) {
            if (Equality.same(items.get(i), a.get(1))) {
                return Numbers.integer(i);
            }
        }
        throw TemplateException.value("the value is not in the " + Types.name(a.get(0)));
    }

    private static Object loopMember(LoopValue loop, String name) {
        return switch (name) {
            case "index" -> Numbers.integer(loop.index());
            case "index0" -> Numbers.integer(loop.index() - 1);
            case "revindex" -> Numbers.integer(loop.length() - loop.index() + 1);
            case "revindex0" -> Numbers.integer(loop.length() - loop.index());
            case "first" -> loop.index() == 1;
            case "last" -> loop.isLast();
            case "length" -> Numbers.integer(loop.length());
            case "depth" -> Numbers.integer(loop.depth() + 1);
            case "depth0" -> Numbers.integer(loop.depth());
            case "previtem" -> loop.previous();
            case "nextitem" -> loop.following();
            default -> method(LOOP, loop, name);
        };
    }

    private static Object macroMember(MacroValue macro, String name) {
        return switch (name) {
            case "name" -> macro.name() == null ? None.NONE : Rope.of(macro.name());
            case "arguments" ->
                new TupleValue(macro.parameters().stream().<Object>map(Rope::of).toList());
            case "catch_kwargs" -> macro.takesNamed();
            case "catch_varargs" -> macro.takesPositional();
            case "caller" -> macro.takesCaller();
            case "explicit_caller" -> macro.parameters().contains("caller");
            default -> null;
        };
    }

    private static Object cyclerMember(CyclerValue cycler, String name) {
        return switch (name) {
            case "current" -> cycler.current();
            case "pos" -> Numbers.integer(cycler.position());
            case "items" -> new TupleValue(cycler.items());
            default -> method(CYCLER, cycler, name);
        };
    }

    private static Object joinerMember(JoinerValue joiner, String name) {
        return switch (name) {
            case "sep" -> joiner.separator();
            case "used" -> joiner.used();
            default -> null;
        };
    }
}

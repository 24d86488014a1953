package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {

    private Globals() {}

    /** By name. */
    static Map<String, Object> all() {
        Map<String, Object> all = new HashMap<>(new Builtin.Table("function")
                .add("range", "start, stop=, step=, /", (_, a) -> range(a))
                .add("raise_exception", "message", (_, a) -> {
                    Rope message = Printing.text(a.get(0));
                    throw new TemplateException(
                            TemplateException.Kind.RAISED, message.withoutUserText(), 0, 0, message);
                })
                .add("strftime_now", "format", (rendering, a) -> Strftime.format(rendering.now(), a.text(0)))
                .add("lipsum", "n=, html=, min=, max=", (_, _) -> {
                    throw TemplateException.runtime("lipsum is not supported: equal conversations get equal prompts");
                })
                .functions());
        all.put("dict", type("dict", "mapping=, /, **", (rendering, a) -> dict(rendering, a)));
        all.put("namespace", type("namespace", "mapping=, /, **", (rendering, a) -> namespace(dict(rendering, a))));
        all.put("cycler", type("cycler", "*", (_, a) -> new CyclerValue(a.more())));
        all.put("joiner", type("joiner", "sep=", (_, a) -> new JoinerValue(a.get(0, Rope.of(", ")))));
        return Map.copyOf(all);
    }

    private static TypeValue type(String name, String parameters, Builtin.Body body) {
        return new TypeValue(name, new Builtin("type", new Parameters(name, parameters), body));
    }

    private static Object range(Bound a) {
        for (int i = 0; i < 3; i++) {
            Undefined.refuse(a.get(i, None.NONE) instanceof Undefined ? None.NONE : a.get(i, None.NONE));
        }
        BigInteger first = a.integer(0);
        return a.has(1)
                ? RangeValue.of(first, a.integer(1), a.has(2) ? a.integer(2) : BigInteger.ONE)
                : RangeValue.of(BigInteger.ZERO, first, BigInteger.ONE);
    }

    private static DictValue dict(Rendering rendering, Bound a) {
        DictValue dict = new DictValue();
        if (a.get(0) instanceof DictValue other) {
            dict.putAll(other);
        } else if (a.has(0)) {
            int index = 0;
            for (Iterator<Object> items = Iteration.of(rendering, a.get(0)); items.hasNext(); index++) {
                Object item = items.next();
                if (!Iteration.isIterable(item)) {
                    throw TemplateException.type(
                            "cannot convert dictionary update sequence element #" + index + " to a sequence");
                }
                List<Object> pair = Iteration.list(rendering, item);
                if (pair.size() != 2) {
                    throw TemplateException.value("dictionary update sequence element #" + index + " has length "
                            + pair.size() + "; 2 is required");
                }
                dict.put(pair.get(0), pair.get(1));
            }
        }
        a.named().forEach(dict::put);
        return dict;
    }

    private static NamespaceValue namespace(DictValue dict) {
        NamespaceValue namespace = new NamespaceValue();
        dict.keys().forEach(key -> namespace.set(Printing.text(key), dict.get(key)));
        return namespace;
    }

    static DictValue fromKeys(Rendering rendering, Object keys, Object value) {
        DictValue dict = new DictValue();
        Iteration.of(rendering, keys).forEachRemaining(key -> dict.put(key, value));
        return dict;
    }
}

package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro, or the body of a call block.
 *
 * @param name null for a call block
 * @param takesNamed whether the body uses {@code kwargs}; likewise for {@code varargs} and {@code caller}
 * @param body receives the arguments in the order of the parameters, then caller, named and positional ones; null for
 *     missing ones
 */
record MacroValue(
        String name,
        List<String> parameters,
        boolean takesNamed,
        boolean takesPositional,
        boolean takesCaller,
        Body body)
        implements CallableValue {

    /** What the macro renders. */
    interface Body {
        Rope render(Rendering rendering, List<Object> arguments);
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
        List<Object> positional = arguments.positional();
        Map<Rope, Object> named = new LinkedHashMap<>(arguments.named());
        int given = Math.min(positional.size(), parameters.size());
        List<Object> values = new ArrayList<>(positional.subList(0, given));
        boolean foundCaller = given == parameters.size() && parameters.contains("caller");
        for (String parameter : parameters.subList(given, parameters.size())) {
            values.add(named.remove(Rope.of(parameter)));
            foundCaller |= parameter.equals("caller");
        }
        if (takesCaller && !foundCaller) {
            Object caller = named.remove(Rope.of("caller"));
            values.add(caller == null || caller == None.NONE ? Undefined.of("No caller defined") : caller);
        }
        if (takesNamed) {
            DictValue dict = new DictValue();
            named.forEach(dict::put);
            values.add(dict);
        } else if (!named.isEmpty()) {
            throw TemplateException.type("macro '" + name + "' takes no such keyword argument");
        }
        if (takesPositional) {
            values.add(new TupleValue(List.copyOf(positional.subList(given, positional.size()))));
        } else if (positional.size() > parameters.size()) {
            throw TemplateException.type(
                    "macro '" + name + "' takes not more than " + parameters.size() + " arguments");
        }
        rendering.enter();
        Rope text = body.render(rendering, values);
        rendering.leave();
        return text.withMarkup(rendering.autoescape());
    }

    @Override
    public String typeName() {
        return "Macro";
    }
}

package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a built-in function, with Python's rules for arguments. Immutable. */
final class Parameters {

    private final String function;
    private final List<String> names = new ArrayList<>();
    private int required;
    private int onlyPositional;
    private boolean morePositional;
    private boolean moreNamed;

    /**
     * @param function name for messages
     * @param specification names separated by commas, as in Python: {@code "sep=, maxsplit="}. {@code =} makes one
     *     optional, {@code /} ends the positional-only ones, {@code *} takes more positional and {@code **} more named
     *     arguments
     */
    Parameters(String function, String specification) {
        this.function = function;
        for (String part : specification.split(",")) {
            String name = part.strip();
            switch (name) {
                case "" -> {}
                case "/" -> onlyPositional = names.size();
                case "*" -> morePositional = true;
                case "**" -> moreNamed = true;
                default -> {
                    boolean optional = name.endsWith("=");
                    names.add(optional ? name.substring(0, name.length() - 1) : name);
                    required += optional ? 0 : 1;
                }
            }
        }
    }

    Bound bind(Arguments arguments) {
        List<Object> positional = arguments.positional();
        Object[] values = new Object[names.size()];
        int given = Math.min(positional.size(), values.length);
        for (int i = 0; i < given; i++) {
            values[i] = positional.get(i);
        }
        if (positional.size() > values.length && !morePositional) {
            throw TemplateException.type(
                    function + "() takes at most " + values.length + " arguments (" + positional.size() + " given)");
        }
        Map<Rope, Object> others = moreNamed ? new LinkedHashMap<>() : Map.of();
        arguments.named().forEach((name, value) -> bindNamed(name, value, values, others));
        for (int i = 0; i < required; i++) {
            if (values[i] == null) {
                throw TemplateException.type(function + "() missing required argument '" + names.get(i) + "'");
            }
        }
        List<Object> rest =
                positional.size() > given ? List.copyOf(positional.subList(given, positional.size())) : List.of();
        return new Bound(function, names, values, rest, others);
    }

    private void bindNamed(Rope name, Object value, Object[] values, Map<Rope, Object> others) {
        int index = names.indexOf(name.text());
        if (index < onlyPositional) {
            if (!moreNamed) {
                throw TemplateException.type(function + "() got an unexpected keyword argument");
            }
            others.put(name, value);
        } else if (values[index] != null) {
            throw TemplateException.type(function + "() got multiple values for argument '" + names.get(index) + "'");
        } else {
            values[index] = value;
        }
    }
}

package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call. Names are ropes, because {@code **} may take them from what a person wrote. */
record Arguments(List<Object> positional, Map<Rope, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    Arguments prepended(Object first) {
        List<Object> all = new ArrayList<>(positional.size() + 1);
        all.add(first);
        all.addAll(positional);
        return new Arguments(all, named);
    }

    Arguments withNamed(String name, Object value) {
        Map<Rope, Object> all = new LinkedHashMap<>(named);
        if (all.put(Rope.of(name), value) != null) {
            throw TemplateException.type("got multiple values for keyword argument '" + name + "'");
        }
        return new Arguments(positional, all);
    }
}

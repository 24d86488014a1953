package org.llavacluster.modelio.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The result of {@code namespace()}, the only value whose attributes a template can set. */
final class NamespaceValue {

    private final Map<Rope, Object> attributes = new LinkedHashMap<>();

    void set(Rope name, Object value) {
        attributes.put(name, value);
    }

    /** The value, or null. */
    Object get(String name) {
        return attributes.get(Rope.of(name));
    }

    DictValue dict() {
        DictValue dict = new DictValue();
        attributes.forEach(dict::put);
        return dict;
    }
}

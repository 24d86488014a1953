package org.llavacluster.modelio.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** The result of {@code namespace()}, the only value whose attributes a template can set. */
final class NamespaceValue {

    private final Map<String, Object> attributes = new LinkedHashMap<>();

    void set(String name, Object value) {
        attributes.put(name, value);
    }

    /** The value, or null. */
    Object get(String name) {
        return attributes.get(name);
    }

    DictValue dict() {
        DictValue dict = new DictValue();
        attributes.forEach((name, value) -> dict.put(Rope.of(name), value));
        return dict;
    }
}

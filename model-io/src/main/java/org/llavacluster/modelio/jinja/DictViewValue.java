package org.llavacluster.modelio.jinja;

import java.util.List;

/** The result of a dict's {@code keys()}, {@code values()} and {@code items()}. */
record DictViewValue(DictValue dict, Part part) {

    enum Part {
        KEYS,
        VALUES,
        ITEMS
    }

    List<Object> items() {
        return switch (part) {
            case KEYS -> dict.keys();
            case VALUES -> dict.values();
            case ITEMS -> dict.items();
        };
    }

    String typeName() {
        return switch (part) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
        };
    }
}

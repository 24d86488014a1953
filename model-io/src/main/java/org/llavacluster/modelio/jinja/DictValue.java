package org.llavacluster.modelio.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's {@code dict}, in order of insertion; 1, 1.0 and True are one key. Templates cannot change it. */
final class DictValue {

    private final Map<Object, Entry> entries = new LinkedHashMap<>();
    private long weight = 1;

    private record Entry(Object key, Object value) {}

    DictValue() {}

    DictValue(DictValue other) {
        entries.putAll(other.entries);
        weight = other.weight;
    }

    /** For building the dict before a template sees it. An equal key that already exists stays. */
    void put(Object key, Object value) {
        Object hashed = Equality.key(key);
        Entry before = entries.get(hashed);
        entries.put(hashed, new Entry(before == null ? key : before.key(), value));
        weight = ValueWeight.checked(weight + ValueWeight.of(key) + ValueWeight.of(value));
    }

    void putAll(DictValue other) {
        other.entries.values().forEach(entry -> put(entry.key(), entry.value()));
    }

    /** The value, or null. */
    Object get(Object key) {
        Entry entry = entries.get(Equality.key(key));
        return entry == null ? null : entry.value();
    }

    int size() {
        return entries.size();
    }

    long weight() {
        return weight;
    }

    List<Object> keys() {
        List<Object> keys = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    List<Object> values() {
        List<Object> values = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> values.add(entry.value()));
        return values;
    }

    /** The entries as pairs. */
    List<Object> items() {
        List<Object> items = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> items.add(TupleValue.of(entry.key(), entry.value())));
        return items;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof DictValue dict) || dict.size() != size()) {
            return false;
        }
        return entries.entrySet().stream().allMatch(entry -> {
            Entry matching = dict.entries.get(entry.getKey());
            return matching != null && Equality.equal(entry.getValue().value(), matching.value());
        });
    }

    @Override
    public int hashCode() {
        return entries.keySet().hashCode();
    }
}

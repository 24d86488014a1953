package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * The fields of one JSON object, read by type. A null counts as absent; a value of another type is refused by the
 * field's name.
 */
final class JsonFields {

    private final String path;
    private final JsonNode object;

    /**
     * @param path path of the object; empty for the body itself
     */
    JsonFields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    String name(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** Names of the object's fields. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    Optional<JsonNode> find(String field) {
        return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
    }

    Optional<String> text(String field) {
        return find(field).map(node -> {
            if (!node.isTextual()) {
                throw refuse(field, "must be a string");
            }
            return node.textValue();
        });
    }

    boolean flag(String field) {
        return find(field)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw refuse(field, "must be true or false");
                    }
                    return node.booleanValue();
                })
                .orElse(false);
    }

    /** Any number; one too large for a double is infinite. */
    OptionalDouble number(String field) {
        return find(field)
                .map(node -> {
                    if (!node.isNumber()) {
                        throw refuse(field, "must be a number");
                    }
                    return OptionalDouble.of(node.doubleValue());
                })
                .orElse(OptionalDouble.empty());
    }

    /** A whole number, also written as 6.0 or 6e0, which JSON Schema does not distinguish. */
    OptionalLong whole(String field) {
        return find(field).map(node -> OptionalLong.of(whole(field, node))).orElse(OptionalLong.empty());
    }

    /** The whole numbers of an array; none if the field is absent. */
    List<Long> wholes(String field) {
        Optional<JsonNode> array = find(field);
        if (array.isEmpty()) {
            return List.of();
        }
        if (!array.get().isArray()) {
            throw refuse(field, "must be an array of whole numbers");
        }
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array.get()) {
            numbers.add(whole(field + "[" + numbers.size() + "]", element));
        }
        return numbers;
    }

    private long whole(String field, JsonNode node) {
        if (!node.isNumber()) {
            throw refuse(field, "must be a whole number");
        }
        return WholeNumbers.read(node.decimalValue(), what -> refuse(field, what));
    }

    /** The elements of an array of objects. */
    List<JsonFields> objects(String field) {
        JsonNode array = find(field).orElseThrow(() -> refuse(field, "is missing"));
        if (!array.isArray()) {
            throw refuse(field, "must be an array");
        }
        List<JsonFields> elements = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!array.get(i).isObject()) {
                throw refuse(field + "[" + i + "]", "must be an object");
            }
            elements.add(new JsonFields(name(field) + "[" + i + "]", array.get(i)));
        }
        return elements;
    }

    Optional<JsonFields> object(String field) {
        return find(field).map(node -> {
            if (!node.isObject()) {
                throw refuse(field, "must be an object");
            }
            return new JsonFields(name(field), node);
        });
    }

    FailureException refuse(String field, String what) {
        String name = name(field);
        return new FailureException(new Failure.Invalid(name, name + " " + what));
    }
}

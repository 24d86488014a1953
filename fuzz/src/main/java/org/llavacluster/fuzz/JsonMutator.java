package org.llavacluster.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes JSON by its values: of other types, at the edges, missing, repeated, nested, under other names. The result
 * is JSON.
 */
public final class JsonMutator {

    /** Writes whatever depth the changes have made. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_CHANGES = 4;
    private static final int MOST_REPEATS = 200;
    private static final int DEEPEST = 600;

    private final List<JsonNode> seeds;
    private final List<String> words;

    /**
     * @param seeds valid JSON
     * @param words strings and names that mean something to the entrance
     */
    public JsonMutator(List<String> seeds, List<String> words) {
        this.seeds = seeds.stream().map(JsonMutator::parsed).toList();
        this.words = List.copyOf(words);
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a seed is no JSON", e);
        }
    }

    /** One of the seeds, changed; in UTF-8. */
    public byte[] next(Random random) {
        JsonNode root = seed(random).deepCopy();
        for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(root, containers);
            if (containers.isEmpty() || random.nextInt(200) == 0) {
                root = value(random);
            } else {
                change(random, containers.get(random.nextInt(containers.size())), containers);
            }
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    private JsonNode seed(Random random) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container) {
            containers.add(container);
            container.forEach(child -> collect(child, containers));
        }
    }

    private void change(Random random, ContainerNode<?> container, List<ContainerNode<?>> all) {
        switch (container) {
            case ObjectNode object -> change(random, object, all);
            case ArrayNode array -> change(random, array, all);
            default -> throw new IllegalStateException("no container: " + container.getNodeType());
        }
    }

    private void change(Random random, ObjectNode object, List<ContainerNode<?>> all) {
        List<Map.Entry<String, JsonNode>> fields = List.copyOf(object.properties());
        Map.Entry<String, JsonNode> field = fields.isEmpty() ? null : fields.get(random.nextInt(fields.size()));
        if (field == null || random.nextInt(6) == 0) {
            object.set(word(random), value(random));
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> object.remove(field.getKey());
            case 1 -> object.set(field.getKey(), near(random, field.getValue()));
            case 2 ->
                object.set(field.getKey(), all.get(random.nextInt(all.size())).deepCopy());
            case 3 -> {
                object.remove(field.getKey());
                object.set(word(random), field.getValue());
            }
            default -> object.set(field.getKey(), value(random));
        }
    }

    private void change(Random random, ArrayNode array, List<ContainerNode<?>> all) {
        if (array.isEmpty()) {
            array.add(value(random));
            return;
        }
        int at = random.nextInt(array.size());
        switch (random.nextInt(6)) {
            case 0 -> array.remove(at);
            case 1 -> array.insert(at, value(random));
            case 2 -> array.set(at, near(random, array.get(at)));
            case 3 -> {
                JsonNode repeated = array.get(at);
                for (int i = random.nextInt(MOST_REPEATS); i > 0; i--) {
                    array.insert(at, repeated.deepCopy());
                }
            }
            case 4 -> array.set(at, all.get(random.nextInt(all.size())).deepCopy());
            default -> array.set(at, value(random));
        }
    }

    /** A value of the same type. */
    private JsonNode near(Random random, JsonNode value) {
        if (value.isNumber()) {
            return number(random);
        }
        if (value.isTextual()) {
            String text = value.asText();
            int at = random.nextInt(text.length() + 1);
            return NODES.textNode(
                    switch (random.nextInt(4)) {
                        case 0 -> text.substring(0, at);
                        case 1 -> text.substring(0, at) + word(random) + text.substring(at);
                        case 2 -> text.repeat(1 + random.nextInt(20));
                        default -> text.substring(0, at) + (char) random.nextInt(0x10000) + text.substring(at);
                    });
        }
        return value(random);
    }

    private JsonNode value(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2, 3, 4 -> number(random);
            case 5 -> NODES.textNode(word(random));
            case 6 -> NODES.textNode(word(random).repeat(random.nextInt(MOST_REPEATS)));
            case 7 -> NODES.arrayNode();
            case 8 -> random.nextInt(8) == 0 ? nested(random.nextInt(DEEPEST)) : NODES.objectNode();
            default -> seed(random).deepCopy();
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode nested = NODES.arrayNode();
        for (int i = 0; i < depth; i++) {
            nested = i % 2 == 0
                    ? NODES.arrayNode().add(nested)
                    : NODES.objectNode().set("a", nested);
        }
        return nested;
    }

    private static JsonNode number(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.numberNode(random.nextInt(10));
            case 1 -> NODES.numberNode(-random.nextInt(10));
            case 2 -> NODES.numberNode(random.nextInt());
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> NODES.numberNode(random.nextGaussian());
            case 5 -> NODES.numberNode(BigInteger.TEN.pow(random.nextInt(60)));
            case 6 -> NODES.numberNode(new BigDecimal("1e" + (random.nextInt(1000) - 500)));
            case 7 -> NODES.numberNode(Integer.MAX_VALUE - random.nextInt(3));
            default -> NODES.numberNode(random.nextInt(1 << random.nextInt(31)));
        };
    }

    private String word(Random random) {
        return words.get(random.nextInt(words.size()));
    }
}

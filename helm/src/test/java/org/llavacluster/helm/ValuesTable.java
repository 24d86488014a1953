package org.llavacluster.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of values in the chart's README: keys, defaults and comments of {@code values.yaml}, types of {@code
 * values.schema.json}. A key without a comment has that of the same key of the vision role.
 */
final class ValuesTable {

    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):(?: +(.+))?$");
    private static final Pattern COMMENT = Pattern.compile("^ *# ?(.*)$");
    private static final String EXAMPLE_ROLE = "vision.";

    /** @param value as the file writes it; empty for a key that only holds others */
    private record Row(String path, String value, String meaning) {}

    private record Level(int indent, String path) {}

    private final List<Row> rows;
    private final JsonNode schema;

    private ValuesTable(List<Row> rows, JsonNode schema) {
        this.rows = rows;
        this.schema = schema;
    }

    static ValuesTable of(Path chart) throws IOException {
        JsonNode schema =
                new ObjectMapper().readTree(chart.resolve("values.schema.json").toFile());
        return new ValuesTable(rows(Files.readAllLines(chart.resolve("values.yaml"))), schema);
    }

    private static List<Row> rows(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        Deque<Level> levels = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (String line : lines) {
            Matcher commented = COMMENT.matcher(line);
            Matcher key = KEY.matcher(line);
            if (commented.matches()) {
                comment.append(comment.isEmpty() ? "" : " ").append(commented.group(1));
            } else if (key.matches()) {
                int indent = key.group(1).length();
                while (!levels.isEmpty() && levels.peek().indent >= indent) {
                    levels.pop();
                }
                String path = (levels.isEmpty() ? "" : levels.peek().path + ".") + key.group(2);
                levels.push(new Level(indent, path));
                rows.add(new Row(path, key.group(3) == null ? "" : key.group(3), comment.toString()));
                comment.setLength(0);
            } else if (line.isBlank()) {
                comment.setLength(0);
            } else {
                throw new IllegalStateException("values.yaml has a line that is neither a key nor a comment: " + line);
            }
        }
        return rows;
    }

    /** In Markdown. */
    String markdown() {
        Map<String, String> meanings = new LinkedHashMap<>();
        rows.forEach(row -> meanings.put(row.path, row.meaning));
        StringBuilder table = new StringBuilder("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
        for (Row row : rows) {
            String meaning = row.meaning;
            String example = EXAMPLE_ROLE + row.path.substring(row.path.indexOf('.') + 1);
            if (meaning.isEmpty() && !row.value.isEmpty()) {
                if (meanings.getOrDefault(example, "").isEmpty()) {
                    throw new IllegalStateException("values.yaml has no comment above " + row.path);
                }
                meaning = "As `" + example + "`.";
            }
            if (!row.value.isEmpty() || !meaning.isEmpty()) {
                table.append("| `%s` | %s | %s | %s |%n"
                        .formatted(
                                row.path,
                                row.value.isEmpty() ? "" : type(row.path),
                                row.value.isEmpty() ? "" : "`" + row.value + "`",
                                meaning.replace("|", "\\|")));
            }
        }
        return table.toString();
    }

    /** The keys that hold values. */
    List<String> paths() {
        return rows.stream().filter(row -> !row.value.isEmpty()).map(Row::path).toList();
    }

    /** The keys that the schema knows by name, down to those that hold values. */
    List<String> schemaPaths() {
        List<String> paths = new ArrayList<>();
        collect(schema, "", paths);
        paths.remove("global");
        return paths;
    }

    private void collect(JsonNode node, String path, List<String> paths) {
        JsonNode resolved = resolve(node);
        if (resolved.has("properties")) {
            resolved.get("properties")
                    .properties()
                    .forEach(property -> collect(
                            property.getValue(),
                            path.isEmpty() ? property.getKey() : path + "." + property.getKey(),
                            paths));
        } else {
            paths.add(path);
        }
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? schema.at(node.get("$ref").asText().substring(1)) : node;
    }

    private String type(String path) {
        JsonNode node = schema;
        String definition = "";
        for (String key : path.split("\\.")) {
            JsonNode next = resolve(node).path("properties").path(key);
            definition = next.path("$ref").asText();
            node = next;
        }
        node = resolve(node);
        if (definition.contains("quantity")) {
            return definition.endsWith("OrNone") ? "quantity or empty" : "quantity";
        }
        if (node.has("enum")) {
            List<String> values = new ArrayList<>();
            node.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
            return String.join(", ", values);
        }
        return switch (node.path("type").asText()) {
            case "integer" -> node.get("minimum") + " to " + node.get("maximum");
            case "boolean" -> "`true`, `false`";
            case "array" -> "list";
            case "object" -> "map";
            case "string" -> "text";
            default -> throw new IllegalStateException("values.schema.json has no type of " + path);
        };
    }
}

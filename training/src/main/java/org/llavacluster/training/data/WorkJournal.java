package org.llavacluster.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results of long work in a file of JSON lines, which grows with each result, so that work that was stopped
 * continues with what is left. The first line identifies the work. Thread-safe.
 */
public final class WorkJournal {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String keyField;
    private final Map<String, ObjectNode> results = new LinkedHashMap<>();

    private WorkJournal(Path file, String keyField) {
        this.file = file;
        this.keyField = keyField;
    }

    /**
     * Opens the results of some work, or starts them.
     *
     * @param identity what decides the results, by name
     * @param keyField the field of a result that tells it from the others
     * @throws TrainingDataException if the file holds results of other work
     */
    public static WorkJournal open(Path file, Map<String, String> identity, String keyField) throws IOException {
        WorkJournal opened = new WorkJournal(file, keyField);
        ObjectNode first = JSON.createObjectNode();
        identity.forEach(first::put);
        List<String> lines = Files.exists(file) ? complete(file) : List.of();
        if (lines.isEmpty()) {
            Files.writeString(file, first + "\n");
            return opened;
        }
        if (!first.equals(tree(lines.getFirst()))) {
            throw new TrainingDataException(
                    file + ": holds results of other work (" + String.join(", ", identity.keySet())
                            + " differ): give the same command to continue it, or another --out");
        }
        for (String line : lines.subList(1, lines.size())) {
            ObjectNode result = tree(line);
            if (result.has(keyField)) {
                opened.results.put(result.get(keyField).asText(), result);
            }
        }
        return opened;
    }

    /** The lines of the file; what an interrupted write has left at its end is cut off. */
    private static List<String> complete(Path file) throws IOException {
        String content = Files.readString(file);
        int end = content.lastIndexOf('\n') + 1;
        if (end < content.length()) {
            Files.writeString(file, content.substring(0, end));
        }
        return content.substring(0, end).lines().toList();
    }

    private static ObjectNode tree(String line) {
        try {
            return JSON.readTree(line) instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /** The last result of that key; empty if it has none yet. */
    public synchronized Optional<JsonNode> of(String key) {
        return Optional.ofNullable(results.get(key));
    }

    /** Keeps a result, in place of an earlier one of its key. */
    public synchronized void add(ObjectNode result) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(result) + "\n", StandardOpenOption.APPEND);
        results.put(result.get(keyField).asText(), result);
    }

    /** All results, in the order in which their keys were first added. */
    public synchronized List<JsonNode> all() {
        return List.copyOf(results.values());
    }
}

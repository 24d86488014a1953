package org.llavacluster.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file with a JSON object in each line, as questions and answers of evaluations are published. */
public final class JsonLinesFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonLinesFile() {}

    /**
     * The objects of a file that has at least one; empty lines are skipped.
     *
     * @throws TrainingDataException naming the file and the line that is no object
     */
    public static List<ObjectNode> read(Path file) {
        List<ObjectNode> objects = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int n = 0; n < lines.size(); n++) {
                if (!lines.get(n).isBlank()) {
                    objects.add(object(file, n + 1, lines.get(n)));
                }
            }
        } catch (NoSuchFileException e) {
            throw new TrainingDataException(file + ": there is no such file", e);
        } catch (MalformedInputException e) {
            throw new TrainingDataException(file + ": is not UTF-8", e);
        } catch (IOException e) {
            throw new TrainingDataException(
                    file + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
        if (objects.isEmpty()) {
            throw new TrainingDataException(file + ": is empty");
        }
        return objects;
    }

    private static ObjectNode object(Path file, int line, String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new TrainingDataException(file + ": line " + line + " is not valid JSON", e);
        }
        throw new TrainingDataException(file + ": line " + line + " is not a JSON object");
    }

    /** Writes objects, one a line. */
    public static void write(Path file, List<? extends JsonNode> objects) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (JsonNode object : objects) {
            lines.append(JSON.writeValueAsString(object)).append('\n');
        }
        Files.writeString(file, lines);
    }
}

package org.llavacluster.training.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.training.data.JsonLinesFile;
import org.llavacluster.training.data.TrainingDataException;

/** Reads questions, contexts and answers of a judged evaluation, in the files' published form: JSON lines. */
public final class JudgedQuestions {

    private JudgedQuestions() {}

    /**
     * Reads questions ({@code question_id}, {@code text}, {@code image}, {@code category}) with their contexts and
     * reference answers.
     *
     * @param contexts file with {@code image} and {@code captions} with {@code instances}, or {@code caption}
     * @param references answers to all questions
     * @throws TrainingDataException naming the file and what is missing in it
     */
    public static List<JudgedQuestion> read(Path questions, Optional<Path> contexts, Path references) {
        Map<String, String> byImage = contexts.map(JudgedQuestions::contexts).orElse(Map.of());
        Map<String, String> answers = answers(references);
        Map<String, JudgedQuestion> read = new LinkedHashMap<>();
        for (ObjectNode line : JsonLinesFile.read(questions)) {
            String id = field(questions, line, "question_id");
            Optional<String> image = Optional.ofNullable(line.get("image")).map(JsonNode::asText);
            if (contexts.isPresent() && image.isPresent() && !byImage.containsKey(image.get())) {
                throw new TrainingDataException(
                        contexts.get() + ": has no context of image " + image.get() + " of question " + id);
            }
            if (!answers.containsKey(id)) {
                throw new TrainingDataException(references + ": has no answer to question " + id);
            }
            JudgedQuestion question = new JudgedQuestion(
                    id,
                    image,
                    field(questions, line, "text"),
                    line.path("category").asText("all questions"),
                    image.map(name -> byImage.getOrDefault(name, "")).orElse(""),
                    answers.get(id));
            if (read.put(id, question) != null) {
                throw new TrainingDataException(questions + ": has question " + id + " twice");
            }
        }
        return List.copyOf(read.values());
    }

    /**
     * Reads answers ({@code question_id}, {@code text}) by question.
     *
     * @throws TrainingDataException naming the file and what is missing in it
     */
    public static Map<String, String> answers(Path file) {
        Map<String, String> answers = new HashMap<>();
        for (ObjectNode line : JsonLinesFile.read(file)) {
            answers.put(field(file, line, "question_id"), field(file, line, "text"));
        }
        return answers;
    }

    private static Map<String, String> contexts(Path file) {
        Map<String, String> contexts = new HashMap<>();
        for (ObjectNode line : JsonLinesFile.read(file)) {
            contexts.put(field(file, line, "image"), context(line));
        }
        return contexts;
    }

    private static String context(JsonNode line) {
        if (line.has("caption")) {
            return line.get("caption").asText();
        }
        List<String> captions = new ArrayList<>();
        line.path("captions").forEach(caption -> captions.add(caption.asText()));
        List<String> boxes = new ArrayList<>();
        line.path("instances").forEach(instance -> boxes.add(box(instance)));
        return String.join("\n", captions) + (boxes.isEmpty() ? "" : "\n\n" + String.join("\n", boxes));
    }

    private static String box(JsonNode instance) {
        List<String> numbers = new ArrayList<>();
        instance.path("bbox").forEach(number -> numbers.add(String.format(Locale.ROOT, "%.3f", number.asDouble())));
        return instance.path("category").asText() + ": [" + String.join(", ", numbers) + "]";
    }

    private static String field(Path file, JsonNode line, String name) {
        JsonNode value = line.get(name);
        if (value == null || !value.isValueNode() || value.isNull()) {
            throw new TrainingDataException(file + ": a line has no " + name);
        }
        return value.asText();
    }
}

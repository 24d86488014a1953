package org.llavacluster.training.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Sha256;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.scenes.ExamQuestion;

/**
 * The answers of an exam in a file of JSON lines, which grows with each answer, so that an evaluation that was stopped
 * continues with the questions that are left. Thread-safe.
 */
public final class ExamAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<Asked, String> answers = new HashMap<>();

    /**
     * A question as it was asked.
     *
     * @param seesImage false for a grey image in place of the question's
     */
    public record Asked(ExamQuestion question, boolean seesImage) {

        private String key() {
            return question.id() + (seesImage ? "" : "-grey");
        }
    }

    private ExamAnswers(Path file) {
        this.file = file;
    }

    /**
     * Opens the answers of an exam, or starts them.
     *
     * @param model that answers
     * @throws TrainingDataException if the file holds answers to other questions, or of another model
     */
    public static ExamAnswers open(Path file, String model, List<Asked> exam) throws IOException {
        ExamAnswers opened = new ExamAnswers(file);
        String identity = JSON.writeValueAsString(Map.of("exam", digest(exam), "model", model));
        if (!Files.exists(file) || Files.size(file) == 0) {
            Files.writeString(file, identity + "\n");
            return opened;
        }
        List<String> lines = complete(file);
        if (lines.isEmpty() || !JSON.readTree(identity).equals(tree(lines.getFirst()))) {
            throw new TrainingDataException(
                    file + ": holds answers of another exam or model: give the same command to continue it, or"
                            + " another --out");
        }
        Map<String, Asked> byKey = new HashMap<>();
        exam.forEach(asked -> byKey.put(asked.key(), asked));
        for (String line : lines.subList(1, lines.size())) {
            JsonNode answer = tree(line);
            Asked asked = byKey.get(answer.path("asked").asText());
            if (asked != null) {
                opened.answers.put(asked, answer.path("answer").asText());
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

    private static JsonNode tree(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static String digest(List<Asked> exam) {
        MessageDigest digest = Sha256.start();
        exam.forEach(asked -> digest.update((asked.key() + asked.question() + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The answer to a question; empty if it has none yet. */
    public synchronized Optional<String> of(Asked asked) {
        return Optional.ofNullable(answers.get(asked));
    }

    /** Keeps an answer. */
    public synchronized void add(Asked asked, String answer) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("asked", asked.key());
        line.put("image", asked.question().image());
        line.put("question", asked.question().question().question());
        line.put("expected", asked.question().question().answer());
        line.put("answer", answer);
        line.put("grade", ExamGrader.grade(asked.question().question(), answer));
        Files.writeString(file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
        answers.put(asked, answer);
    }

    /** The figures of all answers so far. */
    public synchronized ExamFigures figures() {
        ExamFigures figures = new ExamFigures();
        answers.forEach((asked, answer) -> figures.add(
                asked.question().question().kind(),
                asked.seesImage(),
                ExamGrader.grade(asked.question().question(), answer)));
        return figures;
    }
}

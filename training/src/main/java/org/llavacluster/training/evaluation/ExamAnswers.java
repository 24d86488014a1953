package org.llavacluster.training.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Sha256;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.WorkJournal;
import org.llavacluster.training.scenes.ExamQuestion;

/**
 * The answers of an exam in a file of JSON lines, which grows with each answer, so that an evaluation that was stopped
 * continues with the questions that are left. Thread-safe.
 */
public final class ExamAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WorkJournal journal;
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

    private ExamAnswers(WorkJournal journal) {
        this.journal = journal;
    }

    /**
     * Opens the answers of an exam, or starts them.
     *
     * @param model that answers
     * @throws TrainingDataException if the file holds answers to other questions, or of another model
     */
    public static ExamAnswers open(Path file, String model, List<Asked> exam) throws IOException {
        WorkJournal journal = WorkJournal.open(file, Map.of("exam", digest(exam), "model", model), "asked");
        ExamAnswers opened = new ExamAnswers(journal);
        exam.forEach(asked -> journal.of(asked.key())
                .ifPresent(answer ->
                        opened.answers.put(asked, answer.path("answer").asText())));
        return opened;
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
        ObjectNode line = JSON.createObjectNode();
        line.put("asked", asked.key());
        line.put("image", asked.question().image());
        line.put("question", asked.question().question().question());
        line.put("expected", asked.question().question().answer());
        line.put("answer", answer);
        line.put("grade", ExamGrader.grade(asked.question().question(), answer));
        journal.add(line);
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

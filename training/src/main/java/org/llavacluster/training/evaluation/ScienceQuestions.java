package org.llavacluster.training.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.training.data.TrainingDataException;

/** Reads ScienceQA's {@code problems.json} and answers to its questions. */
public final class ScienceQuestions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern GRADE = Pattern.compile("grade(\\d{1,2})");

    /** Longer lists of choices have no letter that a model would answer with. */
    private static final int MOST_CHOICES = 5;

    private ScienceQuestions() {}

    /**
     * The questions of a split in the order of the file.
     *
     * @param problems object from id to {@code question}, {@code choices}, {@code answer}, {@code hint}, {@code image},
     *     {@code subject}, {@code grade} and {@code split}
     * @throws TrainingDataException naming the question and the field that is wrong
     */
    public static List<ScienceQuestion> read(Path problems, String split) {
        List<ScienceQuestion> questions = new ArrayList<>();
        JsonNode file = tree(problems);
        if (!file.isObject()) {
            throw new TrainingDataException(problems + ": must hold a JSON object of questions by id");
        }
        file.properties().forEach(entry -> {
            if (entry.getValue().path("split").asText(split).equals(split)) {
                try {
                    questions.add(question(entry.getKey(), entry.getValue(), split));
                } catch (IllegalArgumentException e) {
                    throw new TrainingDataException(
                            problems + ": question " + entry.getKey() + ": " + e.getMessage(), e);
                }
            }
        });
        if (questions.isEmpty()) {
            throw new TrainingDataException(problems + ": has no questions of split " + split);
        }
        return questions;
    }

    private static ScienceQuestion question(String id, JsonNode problem, String split) {
        List<String> choices = new ArrayList<>();
        problem.path("choices").forEach(choice -> choices.add(choice.asText()));
        if (choices.isEmpty() || choices.size() > MOST_CHOICES) {
            throw new IllegalArgumentException("choices: 1 to " + MOST_CHOICES + " are allowed, not " + choices.size());
        }
        Matcher grade = GRADE.matcher(problem.path("grade").asText());
        if (!grade.matches()) {
            throw new IllegalArgumentException("grade: must be grade1 to grade12");
        }
        if (!problem.path("question").isTextual() || !problem.path("answer").isInt()) {
            throw new IllegalArgumentException("question or answer is missing");
        }
        return new ScienceQuestion(
                id,
                problem.get("question").asText(),
                choices,
                problem.get("answer").asInt(),
                problem.path("hint").asText(""),
                Optional.ofNullable(problem.get("image"))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText)
                        .filter(name -> !name.isEmpty()),
                problem.path("subject").asText(),
                Integer.parseInt(grade.group(1)),
                split);
    }

    /**
     * Outputs of a model by question: from JSON lines ({@code question_id}, {@code text}), or from a result file with
     * {@code outputs}.
     *
     * @throws TrainingDataException if the file is neither
     */
    public static Map<String, String> outputs(Path file) {
        Optional<JsonNode> resultFile = resultFile(file);
        if (resultFile.isEmpty()) {
            return JudgedQuestions.answers(file);
        }
        Map<String, String> outputs = new LinkedHashMap<>();
        resultFile
                .get()
                .path("outputs")
                .properties()
                .forEach(entry -> outputs.put(entry.getKey(), entry.getValue().asText()));
        return outputs;
    }

    private static Optional<JsonNode> resultFile(Path file) {
        try {
            return Optional.of(JSON.readTree(Files.readString(file)))
                    .filter(tree -> tree.path("outputs").isObject());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static JsonNode tree(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new TrainingDataException(file + ": cannot be read as JSON", e);
        }
    }
}

package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.endpoint.ConcurrentWork;
import org.llavacluster.cli.endpoint.EndpointException;
import org.llavacluster.cli.endpoint.EndpointMessage;
import org.llavacluster.cli.endpoint.LanguageModelEndpoint;
import org.llavacluster.training.data.WorkJournal;
import org.llavacluster.training.evaluation.ScienceDispute;
import org.llavacluster.training.evaluation.ScienceFigures;
import org.llavacluster.training.evaluation.ScienceQaAnswer;
import org.llavacluster.training.evaluation.ScienceQaEnsemble;
import org.llavacluster.training.evaluation.ScienceQuestion;

/**
 * ScienceQA's figures of a model alone and together with another one.
 *
 * @param outputs of the model, by question; a missing one counts as wrong
 */
public record ScienceEnsembles(List<ScienceQuestion> questions, Map<String, String> outputs) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int MOST_TOKENS = 1024;

    /** The model's own figures. */
    public ScienceFigures alone() {
        ScienceFigures figures = new ScienceFigures();
        questions.forEach(question -> figures.add(question, ScienceQaAnswer.of(output(question))));
        return figures;
    }

    /**
     * The figures of the other model and of the ensembles, by name. The ensemble that judges is there if {@code second}
     * is.
     *
     * @param other outputs of the other model, by question
     * @param second its outputs where it was asked again
     */
    public Map<String, ScienceFigures> with(Map<String, String> other, Optional<Map<String, String>> second) {
        Map<String, ScienceFigures> rows = new LinkedHashMap<>();
        rows.put("other", new ScienceEnsembles(questions, other).alone());
        rows.put("complement", ensemble(ScienceQaEnsemble.COMPLEMENT, other, Map.of()));
        second.ifPresent(again -> rows.put("judge", ensemble(ScienceQaEnsemble.JUDGE, other, again)));
        return rows;
    }

    private ScienceFigures ensemble(ScienceQaEnsemble kind, Map<String, String> other, Map<String, String> second) {
        ScienceFigures figures = new ScienceFigures();
        for (ScienceQuestion question : questions) {
            figures.add(
                    question,
                    kind.answer(
                            other.getOrDefault(question.id(), ""),
                            sentence(output(question)),
                            Optional.ofNullable(second.get(question.id()))));
        }
        return figures;
    }

    /** The questions to which the two models give different answers. */
    public List<ScienceQuestion> disputes(Map<String, String> other) {
        return questions.stream()
                .filter(question -> !ScienceQaAnswer.ofSentence(other.getOrDefault(question.id(), ""))
                        .equals(ScienceQaAnswer.ofSentence(sentence(output(question)))))
                .toList();
    }

    /**
     * Asks the other model again where the two differ. The first failure ends the run; outputs until then are kept.
     *
     * @param journal with the key {@code question_id}
     * @return its outputs by question
     */
    public Map<String, String> askAgain(
            LanguageModelEndpoint endpoint,
            Map<String, String> other,
            WorkJournal journal,
            int together,
            IntConsumer progress) {
        List<ScienceQuestion> disputes = disputes(other);
        List<ScienceQuestion> left = disputes.stream()
                .filter(question -> journal.of(question.id()).isEmpty())
                .toList();
        ConcurrentWork.run(
                left,
                together,
                question -> askAgain(endpoint, question, other.getOrDefault(question.id(), ""), journal),
                progress);
        Map<String, String> second = new HashMap<>();
        disputes.forEach(question -> second.put(
                question.id(),
                journal.of(question.id()).orElseThrow().path("text").asText()));
        return second;
    }

    private void askAgain(LanguageModelEndpoint endpoint, ScienceQuestion question, String other, WorkJournal journal) {
        try {
            String prompt = ScienceDispute.prompt(question, other, output(question));
            ObjectNode line = JSON.createObjectNode();
            line.put("question_id", question.id());
            line.put(
                    "text",
                    endpoint.ask(List.of(EndpointMessage.user(prompt)), MOST_TOKENS)
                            .text());
            journal.add(line);
        } catch (EndpointException e) {
            throw new CliException("question " + question.id() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String output(ScienceQuestion question) {
        return outputs.getOrDefault(question.id(), "");
    }

    /** The ensembles read a sentence; a model that was asked for a letter answers with the letter. */
    private static String sentence(String output) {
        return ScienceQaAnswer.of(output)
                .letter()
                .map(letter -> "The answer is " + letter + ".")
                .orElse(output);
    }
}

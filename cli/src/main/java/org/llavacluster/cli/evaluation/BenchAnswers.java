package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.endpoint.ConcurrentWork;
import org.llavacluster.training.data.JsonLinesFile;
import org.llavacluster.training.data.WorkJournal;

/** Gets a gateway's answers to questions of published form, and keeps them as LLaVA's evaluation writes answers. */
public final class BenchAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayClient gateway;
    private final String model;
    private final WorkJournal journal;

    /**
     * @param image the file that goes with the question
     */
    public record BenchQuestion(String id, Optional<Path> image, String text) {}

    /**
     * @param journal with the key {@code question_id}
     */
    public BenchAnswers(GatewayClient gateway, String model, WorkJournal journal) {
        this.gateway = gateway;
        this.model = model;
        this.journal = journal;
    }

    /**
     * Asks what has no answer yet. The first failure ends the run; answers until then are kept.
     *
     * @param progress gets the number of answers that have been given in this run
     * @return the answers to all questions, by id
     * @throws CliException naming the question and the failure
     */
    public Map<String, String> ask(List<BenchQuestion> questions, int together, int mostTokens, IntConsumer progress) {
        List<BenchQuestion> left = questions.stream()
                .filter(question -> journal.of(question.id()).isEmpty())
                .toList();
        ConcurrentWork.run(left, together, question -> ask(question, mostTokens), progress);
        Map<String, String> answers = new LinkedHashMap<>();
        questions.forEach(question -> answers.put(
                question.id(),
                journal.of(question.id()).orElseThrow().path("text").asText()));
        return answers;
    }

    private void ask(BenchQuestion question, int mostTokens) {
        try {
            Optional<ByteString> image =
                    question.image().map(file -> gateway.put(file).getId());
            ObjectNode answer = JSON.createObjectNode();
            answer.put("question_id", question.id());
            answer.put("prompt", question.text());
            answer.put("text", new GatewayQuestion(image, question.text(), mostTokens).ask(gateway));
            answer.put("answer_id", model + "-" + question.id());
            answer.put("model_id", model);
            answer.putObject("metadata");
            journal.add(answer);
        } catch (CliException e) {
            throw new CliException("question " + question.id() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the answers as JSON lines, in the order of the questions. */
    public void write(Path file, List<BenchQuestion> questions) throws IOException {
        JsonLinesFile.write(
                file,
                questions.stream()
                        .map(question -> journal.of(question.id()).orElseThrow())
                        .toList());
    }
}

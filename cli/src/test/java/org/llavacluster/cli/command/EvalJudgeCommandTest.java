package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.endpoint.ScriptedEndpoint;
import org.llavacluster.cli.endpoint.ScriptedEndpoint.Answer;
import org.llavacluster.cli.endpoint.ScriptedEndpoint.Refusal;
import org.llavacluster.cli.endpoint.ScriptedEndpoint.Text;

/** Reviews of given answers by a judge that the test scripts. */
class EvalJudgeCommandTest {

    private static final int QUESTIONS = 6;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        List<String> questions = new ArrayList<>();
        List<String> references = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (int n = 1; n <= QUESTIONS; n++) {
            questions.add("{\"question_id\":%d,\"image\":\"a.jpg\",\"text\":\"Question %d?\",\"category\":\"%s\"}"
                    .formatted(n, n, n <= 4 ? "conv" : "detail"));
            references.add("{\"question_id\":%d,\"text\":\"reference %d\"}".formatted(n, n));
            answers.add("{\"question_id\":%d,\"text\":\"answer %d\"}".formatted(n, n));
        }
        Files.write(folder.resolve("questions.jsonl"), questions);
        Files.write(folder.resolve("references.jsonl"), references);
        Files.write(folder.resolve("answers.jsonl"), answers);
        Files.writeString(
                folder.resolve("context.jsonl"),
                "{\"image\":\"a.jpg\",\"captions\":[\"A dog.\",\"One dog.\"],"
                        + "\"instances\":[{\"category\":\"dog\",\"bbox\":[0.1,0.2,0.5,0.75]}]}\n");
    }

    private static boolean isReferenceFirst(JsonNode request) {
        String prompt = ScriptedEndpoint.lastMessage(request);
        return prompt.indexOf("reference ") < prompt.indexOf("answer ");
    }

    @Test
    void scoresAreSummedUpByCategory() throws IOException {
        try (ScriptedEndpoint judge = new ScriptedEndpoint(request -> new Text("8 6\nBecause.", 10))) {
            CommandCapture done = judge(judge);
            assertThat(done.status()).as(done.err()).isZero();
            assertThat(done.out().lines().map(line -> line.replaceAll(" +", " ")))
                    .containsExactly(
                            "category reviews relative reference model",
                            "conv 4 75.0 % 80.0 60.0",
                            "detail 2 75.0 % 80.0 60.0",
                            "all 6 75.0 % 80.0 60.0");
            assertThat(judge.requests()).hasSize(QUESTIONS).allMatch(EvalJudgeCommandTest::isReferenceFirst);
            assertThat(ScriptedEndpoint.lastMessage(judge.requests().getFirst()))
                    .startsWith("[Context]\nA dog.\nOne dog.\n\ndog: [0.100, 0.200, 0.500, 0.750]\n\n[Question]\n");
        }
        JsonNode figures =
                new ObjectMapper().readTree(folder.resolve("out/figures.json").toFile());
        assertThat(figures.at("/categories/all/relative").doubleValue()).isEqualTo(75.0);
        assertThat(Files.readString(folder.resolve("out/figures.svg"))).startsWith("<svg");
        assertThat(Files.readAllLines(folder.resolve("out/reviews.jsonl"))).hasSize(QUESTIONS);
    }

    @Test
    void scoresOfTheOtherOrderAreExchanged() throws IOException {
        try (ScriptedEndpoint judge =
                new ScriptedEndpoint(request -> new Text(isReferenceFirst(request) ? "8 4" : "6 8", 10))) {
            CommandCapture done = judge(judge, "--both-orders");
            assertThat(done.status()).as(done.err()).isZero();
            assertThat(done.out().replaceAll(" +", " ")).contains("all 12 62.5 % 80.0 50.0");
        }
    }

    @Test
    void anEvaluationThatWasStoppedContinues() throws IOException {
        AtomicInteger replies = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean(true);
        try (ScriptedEndpoint judge = new ScriptedEndpoint(request -> {
            boolean refused = closed.get() && replies.incrementAndGet() > 3;
            return refused ? new Refusal(401, Map.of()) : new Text("5 5", 10);
        })) {
            CommandCapture stopped = judge(judge, "--together", "1");
            assertThat(stopped.status()).isEqualTo(1);
            assertThat(stopped.err()).contains("OPENAI_API_KEY");
            int before = judge.requests().size();

            closed.set(false);
            assertThat(judge(judge, "--together", "1").status()).isZero();
            assertThat(judge.requests()).hasSize(before + QUESTIONS - 3);
            assertThat(Files.readAllLines(folder.resolve("out/reviews.jsonl"))).hasSize(QUESTIONS);
            assertThat(judge(judge, "--judge-model", "another").err()).contains("holds results of other work");
        }
    }

    @Test
    void repliesWithoutScoresAreAskedForAgainAndThenCounted() throws IOException {
        AtomicInteger refusals = new AtomicInteger();
        try (ScriptedEndpoint judge = new ScriptedEndpoint(request -> answer(request, refusals))) {
            CommandCapture done = judge(judge);
            assertThat(done.status()).as(done.err()).isZero();
            assertThat(done.out().replaceAll(" +", " "))
                    .contains("all 5 100.0 % 70.0 70.0")
                    .contains("1 reviews without two scores are left out");
        }
    }

    private static Answer answer(JsonNode request, AtomicInteger refusals) {
        if (ScriptedEndpoint.lastMessage(request).contains("Question 2?")) {
            return new Text("Both are fine.", 10);
        }
        return refusals.getAndIncrement() == 0 ? new Refusal(429, Map.of("Retry-After", "1")) : new Text("7 7", 10);
    }

    @Test
    void publishedReviewsAreSummedUp() throws IOException {
        Path reviews = folder.resolve("reviews.jsonl");
        Files.writeString(
                reviews, "{\"category\":\"conv\",\"tuple\":[10,1]}\n{\"category\":\"conv\",\"tuple\":[1.0,1.0]}\n");
        CommandCapture done = CommandCapture.run(
                "eval",
                "judge",
                "--reviews",
                reviews.toString(),
                "--out",
                folder.resolve("out").toString());
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(done.out().replaceAll(" +", " ")).contains("conv 2 18.2 % 55.0 10.0");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Files.writeString(folder.resolve("answers.jsonl"), "{\"question_id\":1,\"text\":\"one\"}\n");
        try (ScriptedEndpoint judge = new ScriptedEndpoint(request -> new Text("8 6", 10))) {
            assertThat(judge(judge).err()).contains("answers.jsonl: has no answer to question 2");
            assertThat(judge.requests()).isEmpty();
        }
    }

    private CommandCapture judge(ScriptedEndpoint judge, String... more) {
        List<String> arguments = new ArrayList<>(List.of("eval", "judge", "--endpoint", judge.url()));
        for (String name : List.of("questions", "references", "answers", "context")) {
            arguments.add("--" + (name.equals("references") ? "reference" : name));
            arguments.add(folder.resolve(name + ".jsonl").toString());
        }
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        if (!List.of(more).contains("--judge-model")) {
            arguments.addAll(List.of("--judge-model", "scripted"));
        }
        arguments.addAll(List.of(more));
        return CommandCapture.run(arguments.toArray(String[]::new));
    }
}

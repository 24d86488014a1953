package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.endpoint.ScriptedEndpoint;
import org.llavacluster.cli.endpoint.ScriptedEndpoint.Text;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.ListModelsResponse;
import org.llavacluster.proto.v1.LlavaGrpc;
import org.llavacluster.proto.v1.Model;

/** ScienceQA's table of answers from a file and from a gateway, and the ensembles. */
class EvalScienceQaCommandTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("problems.json"), """
                {"1": {"question": "Which?", "choices": ["a", "b"], "answer": 0, "hint": "", "image": null,
                       "subject": "natural science", "grade": "grade3", "split": "test"},
                 "2": {"question": "What?", "choices": ["a", "b", "c"], "answer": 2, "hint": "Read.", "image": null,
                       "subject": "social science", "grade": "grade9", "split": "test"},
                 "3": {"question": "Who?", "choices": ["a", "b"], "answer": 1, "hint": "", "image": null,
                       "subject": "language science", "grade": "grade6", "split": "test"},
                 "4": {"question": "Where?", "choices": ["a", "b"], "answer": 1, "hint": "", "image": null,
                       "subject": "language science", "grade": "grade6", "split": "train"}}
                """);
        Files.writeString(folder.resolve("model.jsonl"), """
                {"question_id": "1", "text": "A"}
                {"question_id": "2", "text": "It is so. The answer is A."}
                {"question_id": "3", "text": "The answer is B."}
                """);
        Files.writeString(folder.resolve("other.json"), """
                {"outputs": {"1": "I do not know.", "2": "The answer is C.", "3": "The answer is A."}}
                """);
    }

    @Test
    void answersOfAFileAreCountedBySubject() {
        CommandCapture done =
                scienceQa("--predictions", folder.resolve("model.jsonl").toString());
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(rows(done))
                .containsExactly(
                        "answers NAT SOC LAN TXT IMG NO G1-6 G7-12 AVG",
                        "model 100.00 0.00 100.00 0.00 0.00 100.00 100.00 0.00 66.67");
        assertThat(folder.resolve("out/figures.json")).isNotEmptyFile();
        assertThat(folder.resolve("out/figures.svg")).isNotEmptyFile();
    }

    @Test
    void theEnsembleThatJudgesAsksWhereTheModelsDiffer() throws IOException {
        try (ScriptedEndpoint endpoint = new ScriptedEndpoint(request ->
                new Text(ScriptedEndpoint.lastMessage(request).contains("Who?") ? "The answer is B." : "Hm.", 9))) {
            CommandCapture done = scienceQa(
                    "--predictions",
                    folder.resolve("model.jsonl").toString(),
                    "--other",
                    folder.resolve("other.json").toString(),
                    "--endpoint",
                    endpoint.url(),
                    "--judge-model",
                    "scripted");
            assertThat(done.status()).as(done.err()).isZero();
            assertThat(endpoint.requests()).hasSize(3);
            assertThat(rows(done).stream().map(row -> row.split(" ")[0] + " " + row.split(" ")[9]))
                    .containsExactly("answers AVG", "model 66.67", "other 33.33", "complement 66.67", "judge 66.67");
        }
    }

    @Test
    void aGatewayAnswersEachQuestionOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Server gateway = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new AnsweringGateway(asked))
                .build()
                .start();
        try {
            String target = "127.0.0.1:" + gateway.getPort();
            CommandCapture done = scienceQa("--target", target);
            assertThat(done.status()).as(done.err()).isZero();
            assertThat(rows(done)).last().asString().endsWith(" 33.33");
            assertThat(scienceQa("--target", target).out()).isEqualTo(done.out());
            assertThat(asked).hasValue(3);
            assertThat(Files.readAllLines(folder.resolve("out/answers.jsonl"))).hasSize(3);
        } finally {
            gateway.shutdownNow();
        }
    }

    /** Answers B to everything. */
    private static final class AnsweringGateway extends LlavaGrpc.LlavaImplBase {

        private final AtomicInteger asked;

        AnsweringGateway(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
            answer.onNext(ListModelsResponse.newBuilder()
                    .addModels(Model.newBuilder().setName("tiny"))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void chat(ChatRequest request, StreamObserver<ChatEvent> answer) {
            asked.incrementAndGet();
            answer.onNext(ChatEvent.newBuilder()
                    .setDelta(Delta.newBuilder().setText("B"))
                    .build());
            answer.onCompleted();
        }
    }

    private static List<String> rows(CommandCapture done) {
        return done.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    private CommandCapture scienceQa(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "eval",
                "scienceqa",
                "--problems",
                folder.resolve("problems.json").toString(),
                "--out",
                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return CommandCapture.run(arguments.toArray(String[]::new));
    }
}

package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;
import org.llavacluster.systemtest.harness.SystemProcess;

/** The command line's contract in docs/ARCHITECTURE.md. */
class LauncherTest {

    private static final Path MODEL = Launcher.fixture("llava-1.5-tiny");

    @Test
    void shouldAnswerOneQuestionAsJson() throws Exception {
        ServedCase golden = ServedCase.of("llava-1.5-tiny").getFirst();
        Launcher.Outcome outcome = Launcher.run(
                "ask",
                "--model=" + MODEL,
                "--preprocess=reference",
                "--raw",
                "--json",
                "--max-tokens=24",
                "--image=" + golden.images().getFirst(),
                golden.prompt());

        assertThat(outcome.status()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout().strip().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(outcome.stdout());
        assertThat(json.get("prompt_ids")).extracting(JsonNode::asInt).containsExactlyElementsOf(golden.inputIds());
        assertThat(json.get("token_ids")).extracting(JsonNode::asInt).containsExactlyElementsOf(golden.answerIds());
        assertThat(json.get("text").asText()).isEqualTo(golden.text());
        assertThat(json.get("finish_reason").asText()).isEqualTo("length");
        assertThat(json.get("usage").get("image_tokens").asInt()).isEqualTo(36);
        assertThat(json.get("timings").get("total_ms").asDouble()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "INT"})
    void shouldLeaveNoProcessBehind(String signal) throws Exception {
        try (RunningCluster cluster = RunningCluster.up(MODEL)) {
            assertThat(cluster.services()).hasSize(4);

            SystemProcess.signal(cluster.launcher().pid(), signal);

            for (RunningCluster.Service service : cluster.services().values()) {
                SystemProcess.awaitEnd(service.pid());
            }
        }
    }

    /** Ctrl-C reaches all processes of a terminal's foreground group; a service manager signals only the first one. */
    @ParameterizedTest
    @CsvSource({"INT, true", "TERM, false"})
    void shouldEndWithoutAFailureWhenItIsStopped(String signal, boolean everyProcess) throws Exception {
        try (RunningCluster cluster = RunningCluster.up(MODEL)) {
            if (everyProcess) {
                for (RunningCluster.Service service : cluster.services().values()) {
                    SystemProcess.signal(service.pid(), signal);
                }
            }
            SystemProcess.signal(cluster.launcher().pid(), signal);

            assertThat(cluster.launcher().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(cluster.launcher().exitValue()).isZero();
            assertThat(cluster.awaitSaid()).noneMatch(line -> line.contains("ended with status"));
            assertThat(cluster.awaitSaid()).anyMatch(line -> line.startsWith("Stopping;"));
        }
    }

    @Test
    void shouldTakeEitherAddressOfARunningGateway() throws Exception {
        try (RunningCluster cluster = RunningCluster.up(MODEL, "--served-name=acme/llava")) {
            String grpc = cluster.service("gateway-0").grpc();
            for (String target :
                    List.of(grpc, "grpc=" + grpc, cluster.http(), cluster.http().replace("http://", ""))) {
                Launcher.Outcome outcome = Launcher.run(
                        "ask", "--target=" + target, "--json", "--max-tokens=2", "What is shown in this image?");
                assertThat(outcome.status()).as(outcome.stderr()).isZero();
                assertThat(new ObjectMapper()
                                .readTree(outcome.stdout())
                                .get("model")
                                .asText())
                        .isEqualTo("acme/llava");
            }
        }
    }

    @Test
    void shouldMeasureWithoutWarningsOfTheJvm() throws Exception {
        Launcher.Outcome outcome = Launcher.run("bench", "tensor", "--json", "--rounds=2", "--warmup=1");

        assertThat(outcome.status()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr()).doesNotContain("WARNING");
        assertThat(new ObjectMapper().readTree(outcome.stdout()).isObject()).isTrue();
        assertThat(Launcher.run("bench", "engine", "--batch=0").status()).isEqualTo(1);
    }

    @Test
    void shouldRunTwoClustersSideBySide() throws Exception {
        ServedCase golden = ServedCase.of("llava-1.5-tiny").get(5);
        try (RunningCluster first = RunningCluster.up(MODEL);
                RunningCluster second = RunningCluster.up(MODEL)) {
            assertThat(first.http()).isNotEqualTo(second.http());
            for (RunningCluster cluster : List.of(first, second)) {
                assertThat(cluster.client()
                                .chat(ChatClient.raw(golden.prompt(), 24).build())
                                .tokenIds())
                        .isEqualTo(golden.answerIds());
            }
        }
    }

    @Test
    void shouldSpreadWorkOverSeveralNodesOfEachRole() throws Exception {
        ServedCase golden = ServedCase.of("llava-1.5-tiny").getFirst();
        try (RunningCluster cluster =
                RunningCluster.up(MODEL, "--preprocess=reference", "--visions=2", "--projectors=2", "--decoders=2")) {
            assertThat(cluster.services()).hasSize(7);
            for (int i = 0; i < 4; i++) {
                assertThat(cluster.client()
                                .chat(ChatClient.raw(
                                                golden.prompt(),
                                                24,
                                                golden.images().getFirst())
                                        .build())
                                .tokenIds())
                        .isEqualTo(golden.answerIds());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"--grpc-port", "--http-port"})
    void shouldSayWhenAPortIsInUse(String option) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Launcher.Outcome outcome = Launcher.run("up", "--model=" + MODEL, option + "=" + taken.getLocalPort());

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr().strip().lines())
                    .singleElement()
                    .asString()
                    .startsWith("llava: " + option + " " + taken.getLocalPort() + " is in use on 127.0.0.1");
        }
    }
}

package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.NodeStates;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** One client's program, the cluster that it calls, and what the answers are compared with. */
final class ClientRig {

    static final String MODEL = "llava-1.5-tiny";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningCluster cluster;
    private final ChatClient grpc;
    private final NodeStates decoder;
    private final int idleKvBlocks;
    private final List<ServedCase> goldens;
    private final MatrixClient client;
    private final ClientProgram program;

    ClientRig(RunningCluster cluster, MatrixClient client, ClientProgram program)
            throws IOException, InterruptedException {
        this.cluster = cluster;
        this.client = client;
        this.program = program;
        this.grpc = cluster.client();
        this.decoder = NodeStates.of(cluster.channel("decoder-0"));
        this.goldens = ServedCase.of(MODEL);
        this.idleKvBlocks = decoder.await("idle", PATIENCE, state -> state.getRunning() == 0 && state.getWaiting() == 0)
                .getKvBlocksFree();
    }

    static RunningCluster startCluster() throws IOException {
        return RunningCluster.up(
                Launcher.fixture(MODEL), OccupiedPlaces.ENVIRONMENT, "--preprocess", "reference", "--kv", "f32");
    }

    RunningCluster cluster() {
        return cluster;
    }

    MatrixClient client() {
        return client;
    }

    /** A prompt of the fixtures with what the reference answered. */
    ServedCase golden(String name) {
        return goldens.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What the same call answers over gRPC, made by this test itself. */
    ChatClient.Answer reference(ClientCall call) {
        return grpc.chat(GrpcReference.request(call));
    }

    JsonNode make(ClientCall call) throws IOException {
        return program.make(call);
    }

    /** Makes the call while the caller goes on. */
    CompletableFuture<JsonNode> begin(ClientCall call) {
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(make(call));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Text, end and usage of a call that asks for as many tokens as the reference generated. */
    void assertAnswersLikeTheReference(String name, ClientCall call) throws IOException {
        ServedCase golden = golden(name);

        JsonNode answer = make(call.with("max_tokens", golden.greedyIds().size()));

        assertText(answer, golden.text());
        assertThat(answer.at("/choices/0/finish").asText()).isEqualTo("length");
        assertUsage(answer, golden);
    }

    /** @param answer of one choice */
    void assertText(JsonNode answer, String expected) {
        assertThat(answer.path("choices")).as("choices of %s", answer).hasSize(1);
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo(expected);
    }

    void assertUsage(JsonNode answer, ServedCase golden) {
        assertThat(answer.at("/usage/prompt_tokens").asInt())
                .as("prompt tokens in %s", answer)
                .isEqualTo(golden.inputIds().size());
        assertThat(answer.at("/usage/completion_tokens").asInt())
                .as("completion tokens in %s", answer)
                .isEqualTo(golden.answerIds().size());
    }

    /**
     * @return the error as the client's callers see it
     */
    JsonNode assertRefused(ClientCall call, ClientRefusal refusal) throws IOException {
        JsonNode result = make(call);
        JsonNode error = result.path("error");
        assertThat(error.path("type").asText())
                .as("error of %s", result)
                .isEqualTo(client.errors().of(refusal));
        assertThat(error.path("message").asText()).contains(refusal.text());
        if (!client.errors().grpc()) {
            assertThat(error.path("status").asInt()).as("status of %s", error).isEqualTo(refusal.status());
            assertThat(error.path("code").asText()).as("code of %s", error).isEqualTo(refusal.code());
            assertThat(error.path("param").asText(null))
                    .as("param of %s", error)
                    .isEqualTo(refusal.param().orElse(null));
        }
        return error;
    }

    /** Nothing runs, nothing waits and the decoder has all of its KV cache. */
    void assertIdle() throws IOException, InterruptedException {
        cluster.awaitMetric("gateway-0", "llava_requests_running", "", running -> running == 0);
        cluster.awaitMetric("gateway-0", "llava_requests_waiting", "", waiting -> waiting == 0);
        decoder.await(
                "all KV blocks are free",
                PATIENCE,
                state -> state.getRunning() == 0 && state.getWaiting() == 0 && state.getKvBlocksFree() == idleKvBlocks);
    }
}

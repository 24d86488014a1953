package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.ModelCopy;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.ServedCase;

/** A Mistral model whose attention window is shorter than its positions is served up to the window. */
class SlidingWindowTest {

    private static final int WINDOW = 125;

    @Test
    void shouldServeUpToTheWindow(@TempDir Path scratch) throws Exception {
        ModelCopy model = ModelCopy.of("llava-1.6-tiny", scratch.resolve("windowed"));
        model.editJson("config.json", json -> ((ObjectNode) json.get("text_config")).put("sliding_window", WINDOW));
        try (RunningCluster cluster =
                RunningCluster.up(model.folder(), "--engine=simd", "--preprocess=reference", "--kv=f32")) {
            ChatClient client = cluster.client();
            ServedCase golden = ServedCase.of("llava-1.6-tiny").stream()
                    .filter(it -> it.inputIds().size() + it.greedyIds().size() == WINDOW)
                    .findFirst()
                    .orElseThrow();
            ChatClient.Answer answer = client.chat(ChatClient.raw(
                            golden.prompt(),
                            golden.greedyIds().size(),
                            golden.images().toArray(Path[]::new))
                    .build());
            assertThat(answer.tokenIds()).isEqualTo(golden.answerIds());

            int prompt = client.chat(ChatClient.raw("fox", 1).build())
                    .finished()
                    .getUsage()
                    .getPromptTokens();
            ChatClient.Answer whole =
                    client.chat(ChatClient.raw("fox", WINDOW - prompt).build());
            assertThat(whole.finished().getUsage().getPromptTokens()
                            + whole.finished().getUsage().getCompletionTokens())
                    .isLessThanOrEqualTo(WINDOW);
            assertThatThrownBy(() -> client.chat(ChatClient.raw("The quick brown fox. ".repeat(40), 1)
                            .build()))
                    .hasMessageContaining("maximum context length is " + WINDOW + " tokens");

            assertThat(client.blocking()
                            .listModels(ListModelsRequest.getDefaultInstance())
                            .getModels(0)
                            .getContextTokens())
                    .isEqualTo(WINDOW);
            assertThat(modelList(cluster)).contains("\"max_model_len\":" + WINDOW);
        }
        Launcher.Outcome inspected = Launcher.run("inspect", "--json", "--model=" + model.folder());
        assertThat(new ObjectMapper()
                        .readTree(inspected.stdout())
                        .at("/decoder/context_tokens")
                        .asInt())
                .isEqualTo(WINDOW);
    }

    private static String modelList(RunningCluster cluster) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.http() + "/v1/models"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}

package org.llavacluster.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.Requests;
import org.llavacluster.gateway.placement.Serving;

/**
 * OpenAI's own client against the gateway as Quarkus runs it, including configuration, membership, health and metrics.
 */
@QuarkusTest
@QuarkusTestResource(FakeWorkersResource.class)
class OpenAiClientTest {

    private static final String MODEL = "llava-1.5-tiny";

    @TestHTTPResource("/")
    URI http;

    @Inject
    GatewayApplication application;

    private OpenAIClient client;

    @BeforeEach
    void connect() {
        Eventually.holds("the workers are there", () -> application.serving() instanceof Serving.Ready);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(http.resolve("/v1").toString())
                .apiKey("none")
                .build();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static ChatCompletionCreateParams.Builder asking(String question) {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .seed(11)
                .maxCompletionTokens(8)
                .addUserMessage(question);
    }

    private static ChatCompletionContentPart image(String name) {
        String url = "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(Requests.image(name).toByteArray());
        return ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .detail(ChatCompletionContentPartImage.ImageUrl.Detail.HIGH)
                        .build())
                .build());
    }

    private static ChatCompletionContentPart text(String text) {
        return ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(text).build());
    }

    @Test
    void shouldAnswer() {
        ChatCompletion completion =
                client.chat().completions().create(asking("What?").build());
        completion.validate();
        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(choice.message().content())
                .hasValueSatisfying(text -> assertThat(text).isNotBlank());
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void shouldStreamTheSameAnswerAndItsUsage() {
        String whole = client.chat()
                .completions()
                .create(asking("What?").build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk> chunks;
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(asking("What?")
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            chunks = stream.stream().peek(accumulator::accumulate).toList();
        }
        chunks.forEach(ChatCompletionChunk::validate);
        assertThat(chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .collect(Collectors.joining()))
                .isEqualTo(whole);
        assertThat(accumulator.chatCompletion().choices().getFirst().message().content())
                .contains(whole);
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(8);
    }

    @Test
    void shouldSeeSeveralImages() {
        ChatCompletion one = client.chat()
                .completions()
                .create(asking("And?")
                        .addUserMessageOfArrayOfContentParts(List.of(text("What?"), image("scene.png")))
                        .build());
        ChatCompletion two = client.chat()
                .completions()
                .create(asking("And?")
                        .addUserMessageOfArrayOfContentParts(
                                List.of(text("What?"), image("scene.png"), image("portrait.png")))
                        .build());
        assertThat(two.usage().orElseThrow().promptTokens()
                        - one.usage().orElseThrow().promptTokens())
                .isGreaterThanOrEqualTo(36);
        assertThat(two.choices().getFirst().message().content())
                .isNotEqualTo(one.choices().getFirst().message().content());
    }

    @Test
    void shouldTellLogprobs() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(asking("What?").logprobs(true).topLogprobs(4).build());
        completion.validate();
        var tokens = completion
                .choices()
                .getFirst()
                .logprobs()
                .orElseThrow()
                .content()
                .orElseThrow();
        assertThat(tokens).hasSize(8).allSatisfy(token -> {
            assertThat(token.logprob()).isEqualTo(-0.5);
            assertThat(token.bytes()).isPresent();
            assertThat(token.topLogprobs()).hasSize(4);
        });
    }

    @Test
    void shouldTakeTheFieldsThatOpenAiDoesNotHave() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(asking("What?")
                        .putAdditionalBodyProperty("top_k", JsonValue.from(5))
                        .putAdditionalBodyProperty("min_p", JsonValue.from(0.1))
                        .putAdditionalBodyProperty("repetition_penalty", JsonValue.from(1.1))
                        .build());
        assertThat(completion.choices()).hasSize(1);
    }

    @Test
    void shouldContinueAConversationWithItsOwnAnswer() {
        ChatCompletion first =
                client.chat().completions().create(asking("What?").build());
        ChatCompletion second = client.chat()
                .completions()
                .create(asking("What?")
                        .addMessage(first.choices().getFirst().message())
                        .addUserMessage("And then?")
                        .build());
        assertThat(second.usage().orElseThrow().promptTokens())
                .isGreaterThan(first.usage().orElseThrow().promptTokens() + 8);
    }

    @Test
    void shouldThrowOpenAisExceptions() {
        BadRequestException refused = catchThrowableOfType(BadRequestException.class, () -> client.chat()
                .completions()
                .create(asking("What?").temperature(3.0).build()));
        assertThat(refused.param()).contains("temperature");
        assertThat(refused.code()).contains("invalid_value");
        assertThat(refused.getMessage()).contains("temperature must be from 0.0 to 2.0, given 3.0");
        NotFoundException unknown = catchThrowableOfType(NotFoundException.class, () -> client.chat()
                .completions()
                .create(asking("What?").model("gpt-4o").build()));
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void shouldListModels() {
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly(MODEL);
        assertThat(client.models().retrieve(MODEL).id()).isEqualTo(MODEL);
    }

    @Test
    void shouldBeReadyAndCountWhatItDid() throws Exception {
        client.chat().completions().create(asking("What?").build());
        assertThat(get("/q/health/ready"))
                .contains("\"status\": \"UP\"")
                .contains("\"decoder\": 1")
                .containsPattern("\"grpc_port\": [1-9]");
        assertThat(get("/q/metrics"))
                .contains("llava_requests_completed_total")
                .contains("llava_stage_calls_total{stage=\"request\"")
                .contains("llava_stage_seconds_bucket{stage=\"request\"")
                .contains("llava_time_to_first_token_seconds_bucket")
                .contains("llava_inter_token_seconds_bucket");
    }

    @Test
    void shouldAnswerProbesAtTheirUsualPaths() throws Exception {
        for (String path : List.of("/health", "/health/ready", "/health/live", "/metrics", "/q/health", "/q/metrics")) {
            HttpResponse<String> answer = send("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isNotEmpty();
            assertThat(answer.headers().firstValue("x-request-id")).as(path).isPresent();
        }
        assertThat(send("HEAD", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldSayInJsonThatAPathIsUnknown() throws Exception {
        HttpResponse<String> answer = send("GET", "/nowhere");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).contains("\"code\":\"unknown_path\"");
    }

    private String get(String path) throws Exception {
        return send("GET", path).body();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        try (HttpClient plain = HttpClient.newHttpClient()) {
            return plain.send(
                    HttpRequest.newBuilder(http.resolve(path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}

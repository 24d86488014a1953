package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/** OpenAI's official client against a real cluster: the same answers as over gRPC. */
class OpenAiJavaClientTest {

    private static final String QUESTION = "What is shown in this image?";

    private static RunningCluster cluster;
    private static OpenAIClient openai;
    private static String model;
    private static byte[] picture;

    @BeforeAll
    static void start() throws IOException {
        cluster = RunningCluster.up(Launcher.fixture("llava-1.5-tiny"));
        openai = OpenAIOkHttpClient.builder()
                .baseUrl(cluster.http() + "/v1")
                .apiKey("none")
                .build();
        model = openai.models().list().data().getFirst().id();
        picture = Files.readAllBytes(Launcher.fixture("images/scene.png"));
    }

    @AfterAll
    static void stop() {
        openai.close();
        cluster.close();
    }

    @Test
    void shouldAnswerAsOverGrpc() {
        ChatClient.Answer expected = cluster.client()
                .chat(ChatRequest.newBuilder()
                        .setConversation(Conversation.newBuilder()
                                .addMessages(Message.newBuilder()
                                        .setRole(Message.Role.ROLE_USER)
                                        .addParts(Part.newBuilder()
                                                .setImage(Image.newBuilder()
                                                        .setData(com.google.protobuf.ByteString.copyFrom(picture))))
                                        .addParts(Part.newBuilder().setText(QUESTION))))
                        .setMaxTokens(20)
                        .build());

        ChatCompletion completion = openai.chat().completions().create(request().build());

        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.message().content()).contains(expected.text());
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(20);
        assertThat(completion.usage().orElseThrow().promptTokens())
                .isEqualTo(expected.finished().getUsage().getPromptTokens());
        assertThat(expected.finished().getUsage().getImageTokens()).isEqualTo(36);
    }

    @Test
    void shouldStreamThePiecesOfTheSameAnswer() {
        String whole = openai.chat()
                .completions()
                .create(request().build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        ChatCompletionCreateParams streaming = request()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();

        try (StreamResponse<ChatCompletionChunk> stream =
                openai.chat().completions().createStreaming(streaming)) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();

            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> choice.delta().content().orElse(""))
                            .collect(Collectors.joining()))
                    .isEqualTo(whole);
            assertThat(chunks.getLast().usage().orElseThrow().completionTokens())
                    .isEqualTo(20);
        }
    }

    @Test
    void shouldGiveLogProbabilitiesThatDescribeTheAnswer() {
        ChatCompletion completion = openai.chat()
                .completions()
                .create(request().logprobs(true).topLogprobs(3).build());

        var tokens = completion
                .choices()
                .getFirst()
                .logprobs()
                .orElseThrow()
                .content()
                .orElseThrow();
        assertThat(tokens).hasSize(20).allSatisfy(token -> {
            assertThat(token.topLogprobs()).hasSize(3);
            assertThat(token.logprob()).isEqualTo(token.topLogprobs().getFirst().logprob());
        });
    }

    @Test
    void shouldGiveTheSameSampleForTheSameSeed() {
        ChatCompletionCreateParams sampled = request().temperature(1.5).seed(42).build();
        ChatCompletionCreateParams otherSeed =
                request().temperature(1.5).seed(43).build();

        assertThat(text(sampled)).isEqualTo(text(sampled)).isNotEqualTo(text(otherSeed));
    }

    @Test
    void shouldRefuseARemoteImage() {
        ChatCompletionCreateParams remote = ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(image("http://localhost/secret.png")),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text(QUESTION)
                                .build())))
                .build();

        BadRequestException e = Assertions.catchThrowableOfType(
                BadRequestException.class, () -> openai.chat().completions().create(remote));

        assertThat(e.getMessage()).contains("image_url").doesNotContain("secret");
    }

    private static String text(ChatCompletionCreateParams request) {
        return openai.chat()
                .completions()
                .create(request)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
    }

    private static ChatCompletionCreateParams.Builder request() {
        String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(picture);
        return ChatCompletionCreateParams.builder()
                .model(model)
                .maxCompletionTokens(20)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(image(data)),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text(QUESTION)
                                .build())));
    }

    private static ChatCompletionContentPartImage image(String url) {
        return ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .build())
                .build();
    }
}

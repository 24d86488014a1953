package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.openai.HttpClientRig.asking;
import static org.llavacluster.gateway.openai.HttpClientRig.askingAbout;
import static org.llavacluster.gateway.openai.HttpClientRig.dataUrl;
import static org.llavacluster.gateway.openai.HttpClientRig.events;
import static org.llavacluster.gateway.openai.HttpClientRig.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.FakeVision;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.fake.Requests;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.node.failure.Failure;

class CompletionsTest {

    private static GatewayRig rig;
    private static HttpClientRig http;

    @BeforeAll
    static void start() throws InterruptedException {
        rig = new GatewayRig();
        http = new HttpClientRig(rig);
    }

    @AfterAll
    static void stop() {
        http.close();
        rig.close();
    }

    @BeforeEach
    void behave() {
        rig.decoder().script(Script.of(8));
        rig.vision().answer(image -> FakeVision.Answer.ENCODED);
    }

    @AfterEach
    void everythingIsGivenBack() {
        rig.awaitReleased();
    }

    private static String content(List<String> events) {
        return events.subList(0, events.size() - 1).stream()
                .map(event -> json(event).path("choices").path(0).path("delta").path("content"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.joining());
    }

    @Test
    void shouldAnswerWholeOrStreamedWithTheSameText() throws Exception {
        HttpResponse<String> whole = http.complete(asking("What?", "\"seed\":5,\"max_tokens\":6"));
        assertThat(whole.statusCode()).isEqualTo(200);
        JsonNode completion = json(whole);
        assertThat(completion.path("object").textValue()).isEqualTo("chat.completion");
        assertThat(completion.path("model").textValue()).isEqualTo("llava-1.5-tiny");
        assertThat(completion.path("id").textValue()).startsWith("chatcmpl-");
        JsonNode choice = completion.path("choices").path(0);
        assertThat(choice.path("finish_reason").textValue()).isEqualTo("length");
        assertThat(choice.path("message").path("role").textValue()).isEqualTo("assistant");
        JsonNode usage = completion.path("usage");
        assertThat(usage.path("completion_tokens").intValue()).isEqualTo(6);
        assertThat(usage.path("total_tokens").intValue())
                .isEqualTo(usage.path("prompt_tokens").intValue() + 6);
        assertThat(usage.path("prompt_tokens_details").path("cached_tokens").intValue())
                .isEqualTo(usage.path("prompt_tokens").intValue() / 2);

        HttpResponse<String> streamed = http.complete(asking("What?", "\"seed\":5,\"max_tokens\":6,\"stream\":true"));
        assertThat(streamed.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        List<String> events = events(streamed.body());
        assertThat(events.getLast()).isEqualTo("[DONE]");
        assertThat(content(events))
                .isEqualTo(choice.path("message").path("content").textValue());
        assertThat(json(events.getFirst())
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("role")
                        .textValue())
                .isEqualTo("assistant");
        assertThat(json(events.get(events.size() - 2))
                        .path("choices")
                        .path(0)
                        .path("finish_reason")
                        .textValue())
                .isEqualTo("length");
        assertThat(json(events.getFirst()).has("usage")).isFalse();
    }

    @Test
    void shouldAnswerChoicesByIndexWholeAndStreamed() throws Exception {
        String fields = "\"n\":3,\"seed\":9,\"temperature\":1,\"max_tokens\":5";
        JsonNode whole = json(http.complete(asking("What?", fields)));
        assertThat(whole.path("choices")).hasSize(3);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JsonNode choice = whole.path("choices").path(i);
            assertThat(choice.path("index").intValue()).isEqualTo(i);
            assertThat(choice.path("finish_reason").textValue()).isEqualTo("length");
            texts.add(choice.path("message").path("content").textValue());
            JsonNode alone =
                    json(http.complete(asking("What?", "\"seed\":" + (9 + i) + ",\"temperature\":1,\"max_tokens\":5")));
            assertThat(alone.path("choices")
                            .path(0)
                            .path("message")
                            .path("content")
                            .textValue())
                    .isEqualTo(texts.get(i));
        }
        assertThat(texts).doesNotHaveDuplicates();
        JsonNode usage = whole.path("usage");
        assertThat(usage.path("completion_tokens").intValue()).isEqualTo(15);
        assertThat(usage.path("total_tokens").intValue())
                .isEqualTo(usage.path("prompt_tokens").intValue() + 15);

        List<String> events = events(
                http.complete(asking("What?", fields + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                        .body());
        StringBuilder[] streamed = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        int[] ends = new int[3];
        for (String event : events.subList(0, events.size() - 2)) {
            JsonNode choice = json(event).path("choices").path(0);
            int index = choice.path("index").intValue();
            assertThat(ends[index]).as("nothing follows a choice's end").isZero();
            streamed[index].append(choice.path("delta").path("content").asText(""));
            ends[index] += choice.path("finish_reason").isTextual() ? 1 : 0;
        }
        assertThat(ends).containsOnly(1);
        assertThat(List.of(streamed)).map(StringBuilder::toString).isEqualTo(texts);
        assertThat(json(events.get(events.size() - 2))
                        .path("usage")
                        .path("completion_tokens")
                        .intValue())
                .isEqualTo(15);
    }

    @Test
    void shouldTellTheUsageInALastChunkWhereAsked() throws Exception {
        List<String> events =
                events(http.complete(asking("What?", "\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                        .body());
        JsonNode last = json(events.get(events.size() - 2));
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage").path("completion_tokens").intValue()).isEqualTo(8);
        for (String event : events.subList(0, events.size() - 2)) {
            assertThat(json(event).get("usage").isNull()).isTrue();
        }
    }

    @Test
    void shouldCountTheTokensOfImages() throws Exception {
        JsonNode without = json(http.complete(asking("What?", ""))).path("usage");
        JsonNode with = json(http.complete(
                        askingAbout("What?", List.of(dataUrl("scene.png"), dataUrl("scene.webp")), "")))
                .path("usage");
        assertThat(with.path("prompt_tokens_details").path("image_tokens").intValue())
                .isEqualTo(72);
        assertThat(with.path("prompt_tokens").intValue())
                .isGreaterThanOrEqualTo(without.path("prompt_tokens").intValue() + 72);
    }

    @Test
    void shouldFindAnImageSentBefore() throws Exception {
        json(http.complete(askingAbout("What?", List.of(dataUrl("wide.png")), "")));
        String id = "sha256:" + ImageId.of(Requests.image("wide.png"));
        assertThat(http.complete(askingAbout("What?", List.of(id), "")).statusCode())
                .isEqualTo(200);
        HttpResponse<String> gone = http.complete(askingAbout("What?", List.of("sha256:" + "00".repeat(32)), ""));
        assertThat(gone.statusCode()).isEqualTo(412);
        assertThat(json(gone).path("error").path("message").textValue()).contains("send the image again");
    }

    @Test
    void shouldTellSeedAndDeadlineInHeaders() throws Exception {
        HttpResponse<String> given = http.complete(asking("What?", "\"seed\":-3"), "x-llava-timeout-ms", "12345");
        assertThat(given.headers().firstValue("x-llava-seed")).contains("-3");
        assertThat(given.headers().firstValue("x-llava-deadline-ms")).contains("12345");
        HttpResponse<String> drawn = http.complete(asking("What?", "\"stream\":true"));
        long seed = Long.parseLong(drawn.headers().firstValue("x-llava-seed").orElseThrow());
        String id = drawn.headers().firstValue("x-request-id").orElseThrow();
        assertThat(rig.decoder().start(id).getSampling().getSeed()).isEqualTo(seed);
        assertThat(http.complete(asking("What?", ""), "x-llava-timeout-ms", "soon")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldTellLogprobsWithBytes() throws Exception {
        String fields = "\"logprobs\":true,\"top_logprobs\":2,\"max_tokens\":3";
        JsonNode whole = json(http.complete(asking("What?", fields)))
                .path("choices")
                .path(0)
                .path("logprobs")
                .path("content");
        assertThat(whole).hasSize(3);
        for (JsonNode token : whole) {
            assertThat(token.path("logprob").doubleValue()).isEqualTo(-0.5);
            assertThat(token.path("bytes")).isNotEmpty();
            assertThat(token.path("top_logprobs")).hasSize(2);
        }
        List<JsonNode> streamed = new ArrayList<>();
        for (String event : events(
                http.complete(asking("What?", fields + ",\"stream\":true")).body())) {
            if (!event.equals("[DONE]")) {
                json(event)
                        .path("choices")
                        .path(0)
                        .path("logprobs")
                        .path("content")
                        .forEach(streamed::add);
            }
        }
        assertThat(streamed).hasSize(3);
        assertThat(json(http.complete(asking("What?", "")))
                        .path("choices")
                        .path(0)
                        .get("logprobs")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\":1e400 | temperature",
                "\"temperature\":2.5 | temperature",
                "\"max_tokens\":0 | max_tokens",
                "\"max_tokens\":-1 | max_tokens",
                "\"max_tokens\":2147483647 | max_tokens",
                "\"n\":2147483647 | n",
                "\"stop\":[\"\"] | stop[0]",
                "\"top_logprobs\":21,\"logprobs\":true | top_logprobs",
                "\"top_logprobs\":9223372036854775807,\"logprobs\":true | top_logprobs",
                "\"tools\":[{}] | tools",
                "\"repetition_penalty\":0 | repetition_penalty",
            })
    void shouldRefuseInOpenAisShape(String fields, String param) throws Exception {
        HttpResponse<String> refused = http.complete(asking("What?", fields));
        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode error = json(refused).path("error");
        assertThat(error.path("type").textValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").textValue()).isEqualTo(param);
        assertThat(error.path("code").textValue()).isEqualTo("invalid_value");
        assertThat(error.path("message").textValue()).startsWith(param);
    }

    @Test
    void shouldRefuseABadImageByItsPlace() throws Exception {
        rig.vision().answer(image -> FakeVision.Answer.REFUSED);
        String bad = dataUrl(Requests.freshImage("scene.png"));
        JsonNode error = json(http.complete(askingAbout("What?", List.of(bad), "\"stream\":true")))
                .path("error");
        assertThat(error.path("param").textValue()).isEqualTo("messages[0].content[1].image_url");
        assertThat(error.path("message").textValue())
                .isEqualTo("messages[0].content[1].image_url: the image cannot be decoded");
    }

    @Test
    void shouldSayWhyAStreamBrokeOffInsteadOfDone() throws Exception {
        rig.decoder().script(Script.of(8).failing(new Failure.Unavailable("the node is shutting down"), 3));
        HttpResponse<String> broken = http.complete(asking("What?", "\"stream\":true"));
        assertThat(broken.statusCode()).isEqualTo(200);
        List<String> events = events(broken.body());
        assertThat(json(events.getLast()).path("error").path("code").textValue())
                .isEqualTo("aborted");
        HttpResponse<String> whole = http.complete(asking("What?", ""));
        assertThat(whole.statusCode()).isEqualTo(502);
        assertThat(whole.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void shouldMapStatusesOfTheCluster() throws Exception {
        rig.decoder().script(Script.of(8).failing(new Failure.Unavailable("draining"), 0));
        assertThat(http.complete(asking("What?", "")).statusCode()).isEqualTo(503);
        rig.decoder().script(Script.of(8).failing(new Failure.Overloaded("full", Duration.ofMillis(2500)), 0));
        HttpResponse<String> full = http.complete(asking("What?", ""));
        assertThat(full.statusCode()).isEqualTo(429);
        assertThat(full.headers().firstValue("retry-after")).contains("2");
        assertThat(full.headers().firstValue("retry-after-ms")).contains("2500");
        rig.decoder().script(Script.of(8).stalling(2));
        assertThat(http.complete(asking("What?", ""), "x-llava-timeout-ms", "200")
                        .statusCode())
                .isEqualTo(504);
    }

    @Test
    void shouldListItsModel() throws Exception {
        JsonNode list = json(http.send("GET", "/v1/models"));
        assertThat(list.path("object").textValue()).isEqualTo("list");
        assertThat(list.path("data").path(0).path("id").textValue()).isEqualTo("llava-1.5-tiny");
        assertThat(list.path("data").path(0).path("max_model_len").intValue())
                .isEqualTo(rig.application().api().orElseThrow().parser().contextTokens());
        assertThat(json(http.send("GET", "/v1/models/llava-1.5-tiny"))
                        .path("object")
                        .textValue())
                .isEqualTo("model");
        HttpResponse<String> other = http.send("GET", "/v1/models/gpt-4o");
        unknownModel(other);
        unknownModel(http.complete(asking("What?", "").replace("llava-1.5-tiny", "gpt-4o")));
    }

    private static void unknownModel(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(404);
        JsonNode error = json(answer).path("error");
        assertThat(error.path("type").textValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").textValue()).isEqualTo("model_not_found");
        assertThat(error.path("param").textValue()).isEqualTo("model");
        assertThat(error.path("message").textValue()).endsWith("the only one is llava-1.5-tiny");
    }

    @Test
    void shouldServeItsOnlyModelWhereNoneIsNamed() throws Exception {
        for (String none : List.of("", "\"model\":null,", "\"model\":\"\",")) {
            HttpResponse<String> answer =
                    http.complete(asking("What?", "").replaceFirst("\"model\":\"[^\"]*\",", none));
            assertThat(json(answer).path("model").textValue()).isEqualTo("llava-1.5-tiny");
        }
    }

    @Test
    void shouldNameAPromptBeyondTheContextAsClientsKnowIt() throws Exception {
        HttpResponse<String> refused = http.complete(asking("word ".repeat(5000), ""));
        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode error = json(refused).path("error");
        assertThat(error.path("code").textValue()).isEqualTo("context_length_exceeded");
        assertThat(error.path("type").textValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").textValue()).isEqualTo("messages");
        assertThat(error.path("message").textValue()).containsPattern("maximum context length is \\d+ tokens");
    }

    @Test
    void shouldSayWhatThereIsInsteadOfAnUnknownPath() throws Exception {
        for (String path : List.of("/v1/completions", "/v1/embeddings", "/v2/chat/completions")) {
            HttpResponse<String> unknown = http.send("GET", path);
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(json(unknown).path("error").path("message").textValue()).contains("/v1/chat/completions");
        }
    }
}

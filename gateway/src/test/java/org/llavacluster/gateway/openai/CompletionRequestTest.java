package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Holds the limits {@code FixedLimits.JSON_NESTING} and {@code FixedLimits.JSON_VALUES}. */
class CompletionRequestTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static CompletionRequest read(String json) {
        return CompletionRequest.read(new CompletionJson().read(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static CompletionRequest readWith(String fields) {
        return read("{\"model\":\"m\"," + MESSAGES + "," + fields + "}");
    }

    private static Failure.Invalid refused(String json) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> read(json));
        assertThat(refused).as("accepted: %.200s", json).isNotNull();
        return (Failure.Invalid) refused.failure();
    }

    private static Failure.Invalid refusedWith(String fields) {
        return refused("{\"model\":\"m\"," + MESSAGES + "," + fields + "}");
    }

    private static ChatDraft.Conversation conversation(CompletionRequest request) {
        return (ChatDraft.Conversation) request.draft().input();
    }

    @Test
    void shouldReadAllThatTheApiHas() {
        CompletionRequest request = read("""
                {"model":"m","messages":[
                   {"role":"developer","content":"be brief"},
                   {"role":"user","name":"ann","content":[
                      {"type":"text","text":"what is"},
                      {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}}]},
                   {"role":"assistant","content":"a cat","refusal":null}],
                 "stream":true,"stream_options":{"include_usage":true},
                 "max_completion_tokens":5,"temperature":0.5,"top_p":0.25,"top_k":7,"min_p":0.125,
                 "repetition_penalty":1.5,"seed":-1,"stop":["a","b"],"logprobs":true,"top_logprobs":3,
                 "n":1,"frequency_penalty":0,"presence_penalty":0.0,"logit_bias":{},"tools":[],"user":"u",
                 "response_format":{"type":"text"},"tool_choice":"none","modalities":["text"],"service_tier":"auto"}""");
        ChatDraft draft = request.draft();
        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(draft.model()).isEqualTo("m");
        assertThat(draft.ending().maxTokens()).hasValue(5);
        assertThat(draft.ending().stops()).containsExactly("a", "b");
        assertThat(draft.topLogprobs()).isEqualTo(OptionalLong.of(3));
        assertThat(draft.sampling().temperature()).hasValue(0.5);
        assertThat(draft.sampling().topP()).hasValue(0.25);
        assertThat(draft.sampling().topK()).hasValue(7);
        assertThat(draft.sampling().minP()).hasValue(0.125);
        assertThat(draft.sampling().repetitionPenalty()).hasValue(1.5);
        assertThat(draft.sampling().seed()).contains(-1L);
        assertThat(conversation(request).messages())
                .containsExactly(
                        new ChatDraft.Message(ChatDraft.Role.SYSTEM, List.of(new ChatDraft.Text("be brief"))),
                        new ChatDraft.Message(
                                ChatDraft.Role.USER,
                                List.of(
                                        new ChatDraft.Text("what is"),
                                        new ChatDraft.Image(
                                                "messages[1].content[1].image_url",
                                                new ChatDraft.Inline(ByteString.copyFrom(new byte[] {1, 2, 3}))))),
                        new ChatDraft.Message(ChatDraft.Role.ASSISTANT, List.of(new ChatDraft.Text("a cat"))));
    }

    @Test
    void shouldLeaveAbsentWhatIsAbsentOrNull() {
        CompletionRequest request = readWith("\"max_tokens\":null,\"stop\":null,\"tools\":null,\"temperature\":null");
        assertThat(request.stream()).isFalse();
        assertThat(request.draft().ending().maxTokens()).isEmpty();
        assertThat(request.draft().ending().stops()).isEmpty();
        assertThat(request.draft().topLogprobs()).isEmpty();
        assertThat(request.draft().sampling()).isEqualTo(ChatDraft.Sampling.ABSENT);
    }

    @Test
    void shouldReadAStoredImage() {
        String digest = "ab".repeat(32);
        CompletionRequest request =
                read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":"
                        + "\"sha256:" + digest + "\"}}]}]}");
        ChatDraft.Image image = (ChatDraft.Image)
                conversation(request).messages().getFirst().parts().getFirst();
        assertThat(image.source()).isEqualTo(new ChatDraft.Stored(ByteString.fromHex(digest)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":1.5 | n",
                "\"frequency_penalty\":\"0\" | frequency_penalty",
                "\"presence_penalty\":[] | presence_penalty",
                "\"logit_bias\":{\"cat\":5} | logit_bias",
                "\"logit_bias\":{\"-1\":5} | logit_bias",
                "\"logit_bias\":{\"1\":\"5\"} | logit_bias.1",
                "\"logit_bias\":[5] | logit_bias",
                "\"stop_token_ids\":5 | stop_token_ids",
                "\"stop_token_ids\":[5,0.5] | stop_token_ids[1]",
                "\"ignore_eos\":1 | ignore_eos",
                "\"min_tokens\":0.5 | min_tokens",
                "\"tools\":[{\"type\":\"function\"}] | tools",
                "\"functions\":[{}] | functions",
                "\"tool_choice\":\"required\" | tool_choice",
                "\"response_format\":{\"type\":\"json_object\"} | response_format",
                "\"modalities\":[\"text\",\"audio\"] | modalities",
                "\"audio\":{} | audio",
                "\"reasoning_effort\":\"low\" | reasoning_effort",
                "\"temprature\":1 | temprature",
                "\"temperature\":\"hot\" | temperature",
                "\"max_tokens\":1.5 | max_tokens",
                "\"max_tokens\":99999999999999999999 | max_tokens",
                "\"max_tokens\":1,\"max_completion_tokens\":2 | max_completion_tokens",
                "\"seed\":18446744073709551616 | seed",
                "\"seed\":9223372036854775808 | seed",
                "\"seed\":1e999999999 | seed",
                "\"seed\":1e-999999999 | seed",
                "\"seed\":0.5 | seed",
                "\"max_tokens\":\"6\" | max_tokens",
                "\"reasoning_effort\":\"minimal\" | reasoning_effort",
                "\"verbosity\":\"low\" | verbosity",
                "\"tools\":[{}],\"tool_choice\":\"auto\" | tools",
                "\"prediction\":{\"type\":\"content\",\"content\":\"a\"} | prediction",
                "\"web_search_options\":{} | web_search_options",
                "\"use_beam_search\":true | use_beam_search",
                "\"temprature\":false | temprature",
                "\"priority\":1 | priority",
                "\"detokenize\":false | detokenize",
                "\"return_token_ids\":true | return_token_ids",
                "\"bad_words\":[\"a\"] | bad_words",
                "\"chat_template_kwargs\":{\"a\":1} | chat_template_kwargs",
                "\"thinking\":{\"type\":\"enabled\"} | thinking",
                "\"mirostat\":2 | mirostat",
                "\"cache_prompt\":false | cache_prompt",
                "\"stream\":1 | stream",
                "\"stream_options\":{\"include_usage\":true} | stream_options",
                "\"stop\":5 | stop",
                "\"stop\":[\"a\",5] | stop[1]",
                "\"logprobs\":5 | logprobs",
                "\"top_logprobs\":5 | top_logprobs",
            })
    void shouldRefuseByName(String fields, String name) {
        assertThat(refusedWith(fields).field()).isEqualTo(name);
    }

    @Test
    void shouldNotRepeatAnUnknownFieldsNameThatIsNoName() {
        Failure.Invalid refused = refusedWith("\"a\\nb\":1");
        assertThat(refused).isEqualTo(new Failure.Invalid("body", "body has a field that this API does not have"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5 | messages",
                "[5] | messages[0]",
                "[{\"content\":\"x\"}] | messages[0].role",
                "[{\"role\":\"wizard\",\"content\":\"x\"}] | messages[0].role",
                "[{\"role\":\"tool\",\"content\":\"x\"}] | messages[0].role",
                "[{\"role\":\"user\",\"content\":5}] | messages[0].content",
                "[{\"role\":\"user\",\"content\":[5]}] | messages[0].content[0]",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}] | messages[0].content[0].text",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"video\"}]}] | messages[0].content[0].type",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}] | messages[0].content[0].type",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] | messages[0].content[0].image_url",
                "[{\"role\":\"assistant\",\"tool_calls\":[{}]}] | messages[0].tool_calls",
                "[{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\"}}] | messages[0].function_call",
                "[{\"role\":\"assistant\",\"audio\":{\"id\":\"a\"}}] | messages[0].audio",
            })
    void shouldRefuseMessagesByPath(String messages, String field) {
        assertThat(refused("{\"model\":\"m\",\"messages\":" + messages + "}").field())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":null",
                "\"logit_bias\":{},\"stop_token_ids\":[],\"ignore_eos\":false",
                "\"logit_bias\":null,\"stop_token_ids\":null,\"ignore_eos\":null,\"min_tokens\":null",
                "\"frequency_penalty\":null,\"presence_penalty\":null,\"logit_bias\":null",
                "\"top_logprobs\":0",
                "\"top_logprobs\":null,\"logprobs\":null",
                "\"top_logprobs\":0.0,\"logprobs\":false",
                "\"reasoning_effort\":\"none\"",
                "\"reasoning_effort\":null,\"verbosity\":null",
                "\"verbosity\":\"medium\"",
                "\"tools\":[],\"tool_choice\":\"auto\",\"parallel_tool_calls\":true",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"none\"",
                "\"functions\":[{\"name\":\"f\"}],\"function_call\":\"none\"",
                "\"functions\":[],\"function_call\":null,\"tools\":null,\"tool_choice\":null",
                "\"stream_options\":null",
                "\"stream_options\":{}",
                "\"stream_options\":{\"include_usage\":false}",
                "\"stream\":null",
                "\"response_format\":{\"type\":\"text\"}",
                "\"response_format\":null,\"modalities\":null,\"audio\":null,\"prediction\":null",
                "\"modalities\":[\"text\"]",
                "\"web_search_options\":null",
                "\"store\":false,\"service_tier\":\"default\",\"user\":\"u\",\"metadata\":{\"a\":\"b\"}",
                "\"store\":null,\"service_tier\":null,\"user\":null,\"metadata\":null",
                "\"safety_identifier\":\"s\",\"prompt_cache_key\":\"k\",\"prompt_cache_retention\":\"24h\"",
                "\"no_such_field\":null",
                "\"a\\nb\":null",
                "\"detokenize\":true,\"spaces_between_special_tokens\":true,\"add_special_tokens\":false",
                "\"return_token_ids\":false,\"return_tokens_as_token_ids\":false,\"early_stopping\":false",
                "\"priority\":0,\"bad_words\":[],\"documents\":[],\"chat_template_kwargs\":{}",
                "\"mm_processor_kwargs\":{},\"enable_thinking\":false,\"thinking\":{\"type\":\"disabled\"}",
                "\"typical_p\":1.0,\"mirostat\":0,\"dynatemp_range\":0.0,\"xtc_probability\":0",
                "\"dry_multiplier\":0,\"cache_prompt\":true",
                "\"echo\":false,\"skip_special_tokens\":true,\"best_of\":1,\"use_beam_search\":false",
            })
    void shouldTakeValuesThatSayWhatIsDoneAnyway(String fields) {
        assertThat(readWith(fields).draft())
                .isEqualTo(readWith("\"user\":\"u\"").draft());
    }

    @ParameterizedTest
    @CsvSource({
        "6, 6",
        "6.0, 6",
        "1e2, 100",
        "1E+2, 100",
        "60e-1, 6",
        "-0.0, 0",
        "9007199254740993.0, 9007199254740993",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808.0, -9223372036854775808",
    })
    void shouldReadWholeNumbersHoweverTheyAreWritten(String written, long value) {
        assertThat(readWith("\"seed\":" + written).draft().sampling().seed()).contains(value);
        assertThat(readWith("\"top_k\":" + written).draft().sampling().topK()).hasValue(value);
        assertThat(readWith("\"max_tokens\":" + written).draft().ending().maxTokens())
                .hasValue(value);
        assertThat(readWith("\"max_completion_tokens\":" + written)
                        .draft()
                        .ending()
                        .maxTokens())
                .hasValue(value);
    }

    @Test
    void shouldReadPenaltiesBiasesAndEnds() {
        ChatDraft draft = readWith("\"presence_penalty\":0.5,\"frequency_penalty\":-1,"
                        + "\"logit_bias\":{\"5\":-100,\"7\":1.5},\"n\":3,\"stop_token_ids\":[3,4.0],"
                        + "\"ignore_eos\":true,\"min_tokens\":2")
                .draft();
        assertThat(draft.sampling().presencePenalty()).hasValue(0.5);
        assertThat(draft.sampling().frequencyPenalty()).hasValue(-1);
        assertThat(draft.sampling().logitBias()).isEqualTo(Map.of(5L, -100.0, 7L, 1.5));
        assertThat(draft.choices()).hasValue(3);
        assertThat(draft.ending().stopIds()).containsExactly(3L, 4L);
        assertThat(draft.ending().ignoreEnds()).isTrue();
        assertThat(draft.ending().minTokens()).hasValue(2);
    }

    @Test
    void shouldSayWhatIsWrongWithANumber() {
        assertThat(refusedWith("\"max_tokens\":6.5").message())
                .isEqualTo("max_tokens must be a whole number, given 6.5");
        assertThat(refusedWith("\"seed\":9223372036854775808").message())
                .isEqualTo("seed must be from -9223372036854775808 to 9223372036854775807, a signed number of 64 bits, "
                        + "given 9223372036854775808");
        assertThat(refusedWith("\"seed\":" + "1".repeat(900)).message())
                .isEqualTo("seed must be from -9223372036854775808 to 9223372036854775807, a signed number of 64 bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":\"\"",
                "\"content\":[]",
                "\"content\":null",
                "\"content\":null,\"refusal\":null,\"tool_calls\":null,\"function_call\":null,\"audio\":null",
                "\"content\":\"\",\"tool_calls\":[],\"annotations\":[],\"reasoning_content\":null",
                "\"content\":[{\"type\":\"text\",\"text\":\"\"}]",
            })
    void shouldReadMessagesOfNoText(String fields) {
        CompletionRequest request = read("{\"messages\":[{\"role\":\"assistant\"," + fields + "}]}");
        for (ChatDraft.Part part : conversation(request).messages().getFirst().parts()) {
            assertThat(part).isEqualTo(new ChatDraft.Text(""));
        }
    }

    @Test
    void shouldReadTheRefusalOfAnEarlierAnswer() {
        CompletionRequest request =
                read("{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"refusal\":\"I cannot\"}]}");
        assertThat(conversation(request).messages().getFirst().parts()).containsExactly(new ChatDraft.Text("I cannot"));
    }

    @Test
    void shouldTakeABodyWithoutAModelAndRefuseOneWithoutMessages() {
        assertThat(refused("{\"model\":\"m\"}").field()).isEqualTo("messages");
        assertThat(read("{" + MESSAGES + "}").draft().model()).isEmpty();
        assertThat(read("{\"model\":null," + MESSAGES + "}").draft().model()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/a.png",
                "http://0x7f000001/",
                "http://user@host/a",
                "file:///etc/passwd",
                "ftp://example.com/a",
                "jar:file:/a!/b",
                "classpath:a.png",
                "//example.com/a.png",
                "a.png",
                "",
            })
    void shouldFetchNothing(String url) {
        Failure.Invalid refused = refusedImage(url);
        assertThat(refused.field()).isEqualTo("messages[0].content[0].image_url.url");
        assertThat(refused.message())
                .isEqualTo("messages[0].content[0].image_url.url must be a data URL: images are not fetched from"
                        + " elsewhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png,AQID",
                "data:image/png;base64;AQID",
                "data:base64,AQID",
                "sha256:abc",
            })
    void shouldRefuseImagesThatAreNotBase64WithoutRepeatingThem(String url) {
        Failure.Invalid refused = refusedImage(url);
        assertThat(refused.field()).isEqualTo("messages[0].content[0].image_url.url");
        assertThat(refused.message()).doesNotContain("AQ").doesNotContain("abc");
    }

    @Test
    void shouldLeaveHttpsUrlsToTheRulesForHosts() {
        CompletionRequest request = read("""
                {"model":"m","messages":[{"role":"user","content":[
                   {"type":"image_url","image_url":{"url":" HTTPS://example.com/a.png?b,c"}}]}]}""");
        assertThat(conversation(request).messages().getFirst().parts())
                .containsExactly(new ChatDraft.Image(
                        "messages[0].content[0].image_url",
                        new ChatDraft.Remote("messages[0].content[0].image_url.url", "HTTPS://example.com/a.png?b,c")));
    }

    @Test
    void shouldTakeAnImageUrlGivenAsAPlainString() {
        CompletionRequest request = read("""
                {"model":"m","messages":[{"role":"user","content":[
                   {"type":"image_url","image_url":"data:image/png;base64,AQID"}]}]}""");
        assertThat(conversation(request).messages().getFirst().parts())
                .containsExactly(new ChatDraft.Image(
                        "messages[0].content[0].image_url",
                        new ChatDraft.Inline(ByteString.copyFrom(new byte[] {1, 2, 3}))));
        Failure.Invalid refused = refused("""
                {"model":"m","messages":[{"role":"user","content":[
                   {"type":"image_url","image_url":"http://example.org/cat.png"}]}]}""");
        assertThat(refused.field()).isEqualTo("messages[0].content[0].image_url");
        assertThat(refused("""
                {"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":7}]}]}""").message()).isEqualTo("messages[0].content[0].image_url must be an object");
    }

    private static Failure.Invalid refusedImage(String url) {
        return refused("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\""
                + url + "\"}}]}]}");
    }

    @Test
    void shouldRefuseJsonThatIsNoRequest() {
        assertThat(refused("").field()).isEqualTo("body");
        assertThat(refused("[]").field()).isEqualTo("body");
        assertThat(refused("{").field()).isEqualTo("body");
        assertThat(refused("{\"model\":\"m\"} x").field()).isEqualTo("body");
        assertThat(refused("{\"model\":NaN}").field()).isEqualTo("body");
        assertThat(refused("{\"seed\":1e99999999999}").field()).isEqualTo("body");
        assertThat(refused("{\"model\":\"a\",\"model\":\"b\"}").field()).isEqualTo("body");
        assertThat(refused("[".repeat(100_000)).field()).isEqualTo("body");
        assertThat(refused("{\"a\":".repeat(100_000)).field()).isEqualTo("body");
        assertThat(refused("{\"metadata\":[" + "0,".repeat(200_000) + "0]}").field())
                .isEqualTo("body");
    }

    @Test
    void shouldReadANumberBeyondDoublesAsInfinite() {
        assertThat(readWith("\"temperature\":1e400").draft().sampling().temperature())
                .hasValue(Double.POSITIVE_INFINITY);
    }

    /** The object itself is the first level. */
    @Test
    void shouldReadAsDeepJsonAsTheLimitAndNoDeeper() {
        int limit = FixedLimits.JSON_NESTING.intValue();
        assertThat(isReadable(nested(limit - 1))).isTrue();
        assertThat(isReadable(nested(limit))).isTrue();
        assertThat(isReadable(nested(limit + 1))).isFalse();
    }

    private static String nested(int levels) {
        return "{\"metadata\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
    }

    /** Besides the zeros, brackets and a name count. */
    @Test
    void shouldReadAsManyValuesAsTheLimitAndNotOneMore() {
        int limit = FixedLimits.JSON_VALUES.intValue();
        assertThat(isReadable(values(limit - 1))).isTrue();
        assertThat(isReadable(values(limit))).isTrue();
        assertThat(isReadable(values(limit + 1))).isFalse();
    }

    private static String values(int count) {
        return "{\"metadata\":[" + "0,".repeat(count - 6) + "0]}";
    }

    /** Whether it is read as JSON, whatever is said of its content. */
    private static boolean isReadable(String json) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> read(json));
        return refused == null || !((Failure.Invalid) refused.failure()).field().equals("body");
    }
}

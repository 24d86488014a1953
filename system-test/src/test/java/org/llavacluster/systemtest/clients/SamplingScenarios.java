package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.FirstLogits;
import org.llavacluster.systemtest.harness.ServedCase;

/** What requests say about the choice of tokens and the end of the answer. */
final class SamplingScenarios {

    private static final ClientCall TEXT = AnswerScenarios.TEXT.with("max_tokens", 24);

    private SamplingScenarios() {}

    static void maxTokens(ClientRig rig) throws Exception {
        assertTwoTokens(rig, "max_tokens");
    }

    static void maxCompletionTokens(ClientRig rig) throws Exception {
        assertTwoTokens(rig, "max_completion_tokens");
    }

    private static void assertTwoTokens(ClientRig rig, String field) throws Exception {
        JsonNode answer = rig.make(AnswerScenarios.TEXT.with(field, 2));

        rig.assertText(answer, "midd questi");
        assertThat(answer.at("/choices/0/finish").asText()).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    }

    static void stop(ClientRig rig) throws Exception {
        String whole = rig.golden("text-only").text();

        JsonNode answer = rig.make(TEXT.with("stop", List.of("never said", " no.")));

        rig.assertText(answer, whole.substring(0, whole.indexOf(" no.")));
        assertThat(answer.at("/choices/0/finish").asText()).isEqualTo("stop");
    }

    static void seed(ClientRig rig) throws Exception {
        ClientCall sampled = TEXT.with("temperature", 1.5);
        String expected = rig.reference(sampled.with("seed", 42)).text();
        assertThat(expected).isNotEqualTo(rig.golden("text-only").text());

        rig.assertText(rig.make(sampled.with("seed", 42)), expected);
        rig.assertText(rig.make(sampled.with("seed", 42)), expected);
        rig.assertText(
                rig.make(sampled.with("seed", 43)),
                rig.reference(sampled.with("seed", 43)).text());
    }

    /** Choice i is what a request of one choice with the seed plus i generates. */
    static void choices(ClientRig rig) throws Exception {
        ClientCall sampled = TEXT.with("temperature", 1.5);

        JsonNode answer = rig.make(sampled.with("seed", 42).with("n", 2));

        assertThat(answer.get("choices")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(answer.get("choices").get(i).get("text").asText())
                    .isEqualTo(rig.reference(sampled.with("seed", 42 + i)).text());
        }
    }

    static void penalties(ClientRig rig) throws Exception {
        String plain = rig.golden("text-only").text();
        ClientCall none = TEXT.with("presence_penalty", 0).with("frequency_penalty", 0);
        ClientCall some = TEXT.with("presence_penalty", 1.5).with("frequency_penalty", 1);
        String changed = rig.reference(some).text();
        assertThat(changed).isNotEqualTo(plain);

        rig.assertText(rig.make(none), plain);
        rig.assertText(rig.make(some), changed);
    }

    static void logitBias(ClientRig rig) throws Exception {
        int forced = 412;
        ClientCall biased = AnswerScenarios.TEXT.with("max_tokens", 5).with("logit_bias", Map.of("" + forced, 100));
        ChatClient.Answer expected = rig.reference(biased);
        assertThat(expected.tokenIds()).containsExactly(forced, forced, forced, forced, forced);

        rig.assertText(rig.make(biased), expected.text());
    }

    static void logprobs(ClientRig rig) throws Exception {
        ServedCase golden = rig.golden("text-only");
        FirstLogits reference = FirstLogits.of(golden);

        JsonNode tokens =
                rig.make(TEXT.with("logprobs", true).with("top_logprobs", 5)).at("/choices/0/logprobs");

        assertThat(tokens).hasSize(golden.answerIds().size()).allSatisfy(token -> {
            assertThat(token.get("top")).hasSize(5);
            assertThat(token.get("logprob").asDouble())
                    .isEqualTo(token.at("/top/0/logprob").asDouble());
        });
        List<Integer> likeliest = reference.top(5);
        for (int i = 0; i < likeliest.size(); i++) {
            assertThat(tokens.at("/0/top/" + i + "/logprob").asDouble())
                    .isCloseTo(reference.logprob(likeliest.get(i)), within(1e-3));
        }
    }

    /** What SDKs and those who use them send without wanting anything by it. */
    static void neutralFields(ClientRig rig) throws Exception {
        Map<String, Object> neutral = new LinkedHashMap<>();
        neutral.put("tools", List.of());
        neutral.put("tool_choice", "none");
        neutral.put("parallel_tool_calls", true);
        neutral.put("response_format", Map.of("type", "text"));
        neutral.put("store", false);
        neutral.put("metadata", Map.of("purpose", "test"));
        neutral.put("user", "somebody");
        neutral.put("service_tier", "auto");
        neutral.put("reasoning_effort", "none");
        neutral.put("top_p", 1);
        neutral.put("n", 1);
        neutral.put("logit_bias", Map.of());
        neutral.put("logprobs", false);
        neutral.put("seed", null);
        neutral.put("stop", null);
        ClientCall call = TEXT;
        for (Map.Entry<String, Object> field : neutral.entrySet()) {
            call = call.with(field.getKey(), field.getValue());
        }

        rig.assertText(rig.make(call), rig.golden("text-only").text());
    }
}

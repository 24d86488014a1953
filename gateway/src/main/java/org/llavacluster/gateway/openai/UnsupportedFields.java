package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What of OpenAI's request this gateway does not do. A field that would change the answer is refused by name unless it says what is
 * done anyway; fields that only concern OpenAI's own books are ignored; a field that OpenAI's API does not have is refused, because
 * it is mostly a misspelt one.
 */
final class UnsupportedFields {

    /** Fields that are refused unless the value is neutral, and what that is. */
    private record Rule(Predicate<JsonNode> neutral, String text) {}

    private static final Rule NO = new Rule(value -> false, "is not supported");
    private static final Rule ONLY_EMPTY = new Rule(UnsupportedFields::empty, "is not supported");

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("n", new Rule(UnsupportedFields::one, "must be 1")),
            Map.entry("frequency_penalty", new Rule(UnsupportedFields::zero, "is not supported: must be 0")),
            Map.entry("presence_penalty", new Rule(UnsupportedFields::zero, "is not supported: must be 0")),
            Map.entry("logit_bias", ONLY_EMPTY),
            Map.entry("tools", ONLY_EMPTY),
            Map.entry("functions", ONLY_EMPTY),
            Map.entry("tool_choice", new Rule(UnsupportedFields::noTool, "is not supported: must be none or auto")),
            Map.entry("function_call", new Rule(UnsupportedFields::noTool, "is not supported: must be none or auto")),
            Map.entry(
                    "response_format", new Rule(UnsupportedFields::textFormat, "is not supported: type must be text")),
            Map.entry("modalities", new Rule(UnsupportedFields::textOnly, "is not supported: must be [\"text\"]")),
            Map.entry("audio", NO),
            Map.entry("prediction", NO),
            Map.entry("web_search_options", NO),
            Map.entry("reasoning_effort", NO),
            Map.entry("verbosity", NO));

    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repetition_penalty",
            "seed",
            "stop",
            "logprobs",
            "top_logprobs");

    private static final Set<String> IGNORED = Set.of(
            "user",
            "metadata",
            "store",
            "service_tier",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "parallel_tool_calls");

    /** What a field is called where its name may be repeated in an error. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private UnsupportedFields() {}

    static void check(JsonNode body) {
        JsonFields fields = new JsonFields("", body);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String name = field.getKey();
            Rule rule = RULES.get(name);
            if (rule != null) {
                if (!field.getValue().isNull() && !rule.neutral().test(field.getValue())) {
                    throw fields.refuse(name, rule.text());
                }
            } else if (!READ.contains(name) && !IGNORED.contains(name)) {
                throw NAME.matcher(name).matches()
                        ? fields.refuse(name, "is not a field of this API")
                        : fields.refuse("body", "has a field that this API does not have");
            }
        }
    }

    private static boolean one(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() == 1;
    }

    private static boolean zero(JsonNode value) {
        return value.isNumber() && value.doubleValue() == 0;
    }

    private static boolean empty(JsonNode value) {
        return value.isContainerNode() && value.isEmpty();
    }

    private static boolean noTool(JsonNode choice) {
        return "none".equals(choice.textValue()) || "auto".equals(choice.textValue());
    }

    private static boolean textFormat(JsonNode format) {
        return "text".equals(format.path("type").textValue());
    }

    private static boolean textOnly(JsonNode modalities) {
        return modalities.isArray()
                && modalities.size() == 1
                && "text".equals(modalities.get(0).textValue());
    }
}

package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Fields of OpenAI's request that this gateway does not support. A field that would change the answer is refused by
 * name unless its value asks for the default; null always does. Fields that only concern OpenAI's accounts are ignored.
 * A field that the API does not have is refused, because it is usually misspelt, unless it is null.
 */
final class UnsupportedFields {

    /**
     * A field that is refused unless its value is neutral.
     *
     * @param neutral whether the value, in that object, asks for the default
     * @param text text of the refusal
     */
    private record Rule(BiPredicate<JsonNode, JsonNode> neutral, String text) {

        static Rule unless(Predicate<JsonNode> neutral, String text) {
            return new Rule((object, value) -> neutral.test(value), text);
        }
    }

    private static final Rule NO = Rule.unless(value -> false, "is not supported");
    private static final Rule ONLY_EMPTY = Rule.unless(UnsupportedFields::empty, "is not supported");

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry("tools", unlessForbidden("tool_choice")),
            Map.entry("functions", unlessForbidden("function_call")),
            Map.entry("tool_choice", Rule.unless(text("none", "auto"), "is not supported: must be none or auto")),
            Map.entry("function_call", Rule.unless(text("none", "auto"), "is not supported: must be none or auto")),
            Map.entry(
                    "response_format",
                    Rule.unless(UnsupportedFields::textFormat, "is not supported: type must be text")),
            Map.entry("modalities", Rule.unless(UnsupportedFields::textOnly, "is not supported: must be [\"text\"]")),
            Map.entry("audio", NO),
            Map.entry("prediction", NO),
            Map.entry("web_search_options", NO),
            Map.entry("reasoning_effort", Rule.unless(text("none"), "is not supported: must be none")),
            Map.entry("verbosity", Rule.unless(text("medium"), "is not supported: must be medium")),
            // Fields of other servers of this API, with the values that their clients send by default.
            Map.entry("best_of", Rule.unless(number(1), "is not supported: must be 1")),
            Map.entry("use_beam_search", onlyFlag(false)),
            Map.entry("length_penalty", Rule.unless(number(1), "is not supported: must be 1")),
            Map.entry("echo", onlyFlag(false)),
            Map.entry("add_generation_prompt", onlyFlag(true)),
            Map.entry("continue_final_message", onlyFlag(false)),
            Map.entry("include_stop_str_in_output", onlyFlag(false)),
            Map.entry("skip_special_tokens", onlyFlag(true)),
            Map.entry("spaces_between_special_tokens", onlyFlag(true)),
            Map.entry("add_special_tokens", onlyFlag(false)),
            Map.entry("detokenize", onlyFlag(true)),
            Map.entry("return_token_ids", onlyFlag(false)),
            Map.entry("return_tokens_as_token_ids", onlyFlag(false)),
            Map.entry("early_stopping", onlyFlag(false)),
            Map.entry("priority", Rule.unless(number(0), "is not supported: must be 0")),
            Map.entry("bad_words", ONLY_EMPTY),
            Map.entry("documents", ONLY_EMPTY),
            Map.entry("chat_template_kwargs", ONLY_EMPTY),
            Map.entry("mm_processor_kwargs", ONLY_EMPTY),
            Map.entry("enable_thinking", onlyFlag(false)),
            Map.entry("thinking", Rule.unless(UnsupportedFields::disabled, "is not supported: type must be disabled")),
            Map.entry("typical_p", Rule.unless(number(1), "is not supported: must be 1")),
            Map.entry("mirostat", Rule.unless(number(0), "is not supported: must be 0")),
            Map.entry("dynatemp_range", Rule.unless(number(0), "is not supported: must be 0")),
            Map.entry("xtc_probability", Rule.unless(number(0), "is not supported: must be 0")),
            Map.entry("dry_multiplier", Rule.unless(number(0), "is not supported: must be 0")),
            Map.entry("cache_prompt", onlyFlag(true)));

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
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "n",
            "stop",
            "stop_token_ids",
            "ignore_eos",
            "min_tokens",
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

    /** Rules for messages. Other fields, such as a participant's name, are not part of the prompt. */
    private static final Map<String, Rule> MESSAGE_RULES =
            Map.of("tool_calls", ONLY_EMPTY, "function_call", ONLY_EMPTY, "audio", NO);

    /** The form of a field's name that an error may repeat. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private UnsupportedFields() {}

    static void check(JsonNode body) {
        JsonFields fields = new JsonFields("", body);
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String name = field.getKey();
            if (field.getValue().isNull() || READ.contains(name) || IGNORED.contains(name)) {
                continue;
            }
            Rule rule = RULES.get(name);
            if (rule == null) {
                throw NAME.matcher(name).matches()
                        ? fields.refuse(name, "is not a field of this API")
                        : fields.refuse("body", "has a field that this API does not have");
            }
            if (!rule.neutral().test(body, field.getValue())) {
                throw fields.refuse(name, rule.text());
            }
        }
    }

    static void checkMessage(JsonFields message) {
        MESSAGE_RULES.forEach((name, rule) -> message.find(name).ifPresent(value -> {
            if (!rule.neutral().test(null, value)) {
                throw message.refuse(name, rule.text());
            }
        }));
    }

    /** Tools that the request forbids to call change nothing. */
    private static Rule unlessForbidden(String choice) {
        return new Rule(
                (body, tools) -> empty(tools) || "none".equals(body.path(choice).textValue()),
                "is not supported unless " + choice + " is none");
    }

    private static Rule onlyFlag(boolean done) {
        return Rule.unless(
                value -> value.isBoolean() && value.booleanValue() == done, "is not supported: must be " + done);
    }

    private static Predicate<JsonNode> number(double done) {
        return value -> value.isNumber() && value.doubleValue() == done;
    }

    private static Predicate<JsonNode> text(String... done) {
        Set<String> values = Set.of(done);
        return value -> value.isTextual() && values.contains(value.textValue());
    }

    private static boolean empty(JsonNode value) {
        return value.isContainerNode() && value.isEmpty();
    }

    private static boolean textFormat(JsonNode format) {
        return "text".equals(format.path("type").textValue());
    }

    private static boolean disabled(JsonNode thinking) {
        return "disabled".equals(thinking.path("type").textValue());
    }

    private static boolean textOnly(JsonNode modalities) {
        return modalities.isArray()
                && modalities.size() == 1
                && "text".equals(modalities.get(0).textValue());
    }
}

package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.llavacluster.gateway.request.ChatDraft;

/**
 * A body of {@code POST /v1/chat/completions}: its draft and the form of the answer.
 *
 * @param includeUsage whether a last chunk has the usage; streams only
 */
record CompletionRequest(ChatDraft draft, boolean stream, boolean includeUsage) {

    private static final Pattern TOKEN_ID = Pattern.compile("\\d{1,18}");

    static CompletionRequest read(JsonNode root) {
        UnsupportedFields.check(root);
        JsonFields body = new JsonFields("", root);
        boolean stream = body.flag("stream");
        Optional<JsonFields> streamOptions = body.object("stream_options");
        boolean includeUsage = streamOptions.map(o -> o.flag("include_usage")).orElse(false);
        if (includeUsage && !stream) {
            throw body.refuse("stream_options", "is only for streams: stream must be true");
        }
        ChatDraft draft = new ChatDraft(
                body.text("model").orElse(""),
                conversation(body),
                sampling(body),
                new ChatDraft.Ending(
                        maxTokens(body),
                        stops(body),
                        body.wholes("stop_token_ids"),
                        body.flag("ignore_eos"),
                        body.whole("min_tokens")),
                topLogprobs(body),
                body.whole("n"),
                OptionalLong.empty());
        return new CompletionRequest(draft, stream, includeUsage);
    }

    private static ChatDraft.Conversation conversation(JsonFields body) {
        List<ChatDraft.Message> messages = new ArrayList<>();
        for (JsonFields message : body.objects("messages")) {
            UnsupportedFields.checkMessage(message);
            messages.add(new ChatDraft.Message(role(message), content(message)));
        }
        return new ChatDraft.Conversation(messages);
    }

    private static ChatDraft.Role role(JsonFields message) {
        return switch (message.text("role").orElse("")) {
            case "system", "developer" -> ChatDraft.Role.SYSTEM;
            case "user" -> ChatDraft.Role.USER;
            case "assistant" -> ChatDraft.Role.ASSISTANT;
            case "tool", "function" -> throw message.refuse("role", "of tools is not supported");
            default -> throw message.refuse("role", "must be system, developer, user or assistant");
        };
    }

    private static List<ChatDraft.Part> content(JsonFields message) {
        Optional<JsonNode> content = message.find("content");
        if (content.isEmpty()) {
            // An answer that was refused is replayed like this.
            return message.text("refusal").<ChatDraft.Part>map(ChatDraft.Text::new).stream()
                    .toList();
        }
        if (content.get().isTextual()) {
            return List.of(new ChatDraft.Text(content.get().textValue()));
        }
        if (!content.get().isArray()) {
            throw message.refuse("content", "must be a string or an array of parts");
        }
        return message.objects("content").stream().map(CompletionRequest::part).toList();
    }

    private static ChatDraft.Part part(JsonFields part) {
        return switch (part.text("type").orElse("")) {
            case "text" -> new ChatDraft.Text(part.text("text").orElseThrow(() -> part.refuse("text", "is missing")));
            case "image_url" -> imageOf(part);
            case "refusal" ->
                new ChatDraft.Text(part.text("refusal").orElseThrow(() -> part.refuse("refusal", "is missing")));
            case "input_audio", "file" -> throw part.refuse("type", "of audio and files is not supported");
            default -> throw part.refuse("type", "must be text or image_url");
        };
    }

    /** The URL in an object, as the API defines, or alone, as many clients send it. */
    private static ChatDraft.Image imageOf(JsonFields part) {
        Optional<String> plain =
                part.find("image_url").filter(JsonNode::isTextual).map(JsonNode::textValue);
        if (plain.isPresent()) {
            String field = part.name("image_url");
            return new ChatDraft.Image(field, ImageUrls.read(field, plain.get()));
        }
        JsonFields image = part.object("image_url").orElseThrow(() -> part.refuse("image_url", "is missing"));
        String url = image.text("url").orElseThrow(() -> image.refuse("url", "is missing"));
        return new ChatDraft.Image(part.name("image_url"), ImageUrls.read(image.name("url"), url));
    }

    private static ChatDraft.Sampling sampling(JsonFields body) {
        OptionalLong seed = body.whole("seed");
        return new ChatDraft.Sampling(
                body.number("temperature"),
                body.number("top_p"),
                body.whole("top_k"),
                body.number("min_p"),
                body.number("repetition_penalty"),
                body.number("presence_penalty"),
                body.number("frequency_penalty"),
                logitBias(body),
                seed.isPresent() ? Optional.of(seed.getAsLong()) : Optional.empty());
    }

    private static Map<Long, Double> logitBias(JsonFields body) {
        Map<Long, Double> biases = new HashMap<>();
        body.object("logit_bias").ifPresent(given -> given.names().forEach(id -> {
            if (!TOKEN_ID.matcher(id).matches()) {
                throw body.refuse("logit_bias", "must have token ids as its keys");
            }
            given.number(id).ifPresent(bias -> biases.put(Long.valueOf(id), bias));
        }));
        return biases;
    }

    private static OptionalLong maxTokens(JsonFields body) {
        OptionalLong older = body.whole("max_tokens");
        OptionalLong newer = body.whole("max_completion_tokens");
        if (older.isPresent() && newer.isPresent() && older.getAsLong() != newer.getAsLong()) {
            throw body.refuse("max_completion_tokens", "and max_tokens must be equal where both are given");
        }
        return newer.isPresent() ? newer : older;
    }

    private static List<String> stops(JsonFields body) {
        Optional<JsonNode> stop = body.find("stop");
        if (stop.isEmpty()) {
            return List.of();
        }
        if (stop.get().isTextual()) {
            return List.of(stop.get().textValue());
        }
        if (!stop.get().isArray()) {
            throw body.refuse("stop", "must be a string or an array of strings");
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode element : stop.get()) {
            if (!element.isTextual()) {
                throw body.refuse("stop[" + stops.size() + "]", "must be a string");
            }
            stops.add(element.textValue());
        }
        return stops;
    }

    private static OptionalLong topLogprobs(JsonFields body) {
        boolean wanted = body.flag("logprobs");
        OptionalLong top = body.whole("top_logprobs");
        if (top.orElse(0) != 0 && !wanted) {
            throw body.refuse("top_logprobs", "needs logprobs to be true");
        }
        return wanted ? OptionalLong.of(top.orElse(0)) : OptionalLong.empty();
    }
}

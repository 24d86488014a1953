package org.llavacluster.systemtest.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.LogProb;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.llavacluster.systemtest.harness.RunningCluster;

/** LangChain4j's models for the OpenAI API. */
final class LangChain4jProgram implements ClientProgram {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_KEY = "none";

    private final String baseUrl;
    private final String model;

    LangChain4jProgram(RunningCluster cluster, String model) {
        this.baseUrl = cluster.http() + "/v1";
        this.model = model;
    }

    @Override
    public JsonNode make(ClientCall call) throws IOException {
        try {
            return switch (call.operation()) {
                case "models" -> models();
                case "chat" -> whole(chat(call), 0);
                case "stream" -> stream(call);
                default -> throw new IllegalArgumentException(call.operation());
            };
        } catch (LangChain4jException e) {
            return JSON.createObjectNode().set("error", describe(e));
        }
    }

    @Override
    public void close() {}

    private JsonNode models() {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode names = result.putArray("models");
        OpenAiModelCatalog.builder()
                .baseUrl(baseUrl)
                .apiKey(NO_KEY)
                .build()
                .listModels()
                .forEach(one -> names.add(one.name()));
        return result;
    }

    private ChatResponse chat(ClientCall call) throws IOException {
        return OpenAiChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey(NO_KEY)
                .defaultRequestParameters(parameters(call))
                .customHeaders(call.headers())
                .timeout(Duration.ofSeconds(call.timeout()))
                .maxRetries(call.retries())
                .build()
                .chat(messages(call));
    }

    private JsonNode stream(ClientCall call) throws IOException {
        Pieces pieces = new Pieces(call.pieces());
        OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey(NO_KEY)
                .defaultRequestParameters(parameters(call))
                .customHeaders(call.headers())
                .timeout(Duration.ofSeconds(call.timeout()))
                .build()
                .chat(messages(call), pieces);
        return pieces.await();
    }

    /** Counts the pieces of a stream, and ends it after as many as are wanted. */
    private static final class Pieces implements StreamingChatResponseHandler {

        private final CompletableFuture<JsonNode> result = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private final int most;
        private int count;

        Pieces(int most) {
            this.most = most;
        }

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            text.append(piece.text());
            count++;
            if (count == most) {
                context.streamingHandle().cancel();
                result.complete(JSON.createObjectNode().put("pieces", count));
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            ObjectNode whole = whole(response, count);
            ((ObjectNode) whole.at("/choices/0")).put("text", text.toString());
            result.complete(whole);
        }

        @Override
        public void onError(Throwable error) {
            result.completeExceptionally(error);
        }

        JsonNode await() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof LangChain4jException error) {
                    throw error;
                }
                throw e;
            }
        }
    }

    private OpenAiChatRequestParameters parameters(ClientCall call) {
        OpenAiChatRequestParameters.Builder to = OpenAiChatRequestParameters.builder();
        to.modelName(model);
        Map<String, Object> custom = new HashMap<>();
        call.parameters().forEach((name, value) -> {
            switch (name) {
                case "model" -> to.modelName((String) value);
                case "temperature" -> to.temperature(number(value).doubleValue());
                case "top_p" -> to.topP(number(value).doubleValue());
                case "max_tokens" -> to.maxOutputTokens(number(value).intValue());
                case "max_completion_tokens" ->
                    to.maxCompletionTokens(number(value).intValue());
                case "stop" -> to.stopSequences(texts(value));
                case "presence_penalty" -> to.presencePenalty(number(value).doubleValue());
                case "frequency_penalty" -> to.frequencyPenalty(number(value).doubleValue());
                case "seed" -> to.seed((Integer) value);
                case "logprobs" -> to.logprobs((Boolean) value);
                case "top_logprobs" -> to.topLogprobs((Integer) value);
                // The model asks for the usage by itself.
                case "stream_options" -> {}
                default -> custom.put(name, value);
            }
        });
        return to.customParameters(custom).build();
    }

    private static Number number(Object value) {
        return (Number) value;
    }

    private static List<String> texts(Object value) {
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(String.class::cast).toList();
    }

    private static List<ChatMessage> messages(ClientCall call) throws IOException {
        List<ChatMessage> messages = new ArrayList<>();
        for (ClientCall.Turn turn : call.messages()) {
            messages.add(
                    switch (turn.role()) {
                        case "system" -> SystemMessage.from(turn.text());
                        case "assistant" -> AiMessage.from(turn.text());
                        default -> UserMessage.from(contents(turn));
                    });
        }
        return messages;
    }

    private static List<Content> contents(ClientCall.Turn turn) throws IOException {
        List<Content> contents = new ArrayList<>();
        for (String image : turn.images()) {
            contents.add(
                    image.startsWith("https:")
                            ? ImageContent.from(image)
                            : ImageContent.from(
                                    Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(image))),
                                    "image/" + image.substring(image.lastIndexOf('.') + 1)));
        }
        contents.add(TextContent.from(turn.text()));
        return contents;
    }

    private static ObjectNode whole(ChatResponse response, int pieces) {
        OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) response.metadata();
        ObjectNode result = JSON.createObjectNode().put("pieces", pieces);
        ObjectNode choice = result.putArray("choices").addObject();
        choice.put("text", response.aiMessage().text())
                .put("finish", metadata.finishReason().name().toLowerCase(Locale.ROOT));
        if (metadata.logProbs() != null) {
            logprobs(metadata.logProbs(), choice.putArray("logprobs"));
        }
        if (metadata.tokenUsage() != null) {
            result.putObject("usage")
                    .put("prompt_tokens", metadata.tokenUsage().inputTokenCount())
                    .put("completion_tokens", metadata.tokenUsage().outputTokenCount());
        }
        if (metadata.rawHttpResponse() != null) {
            metadata.rawHttpResponse()
                    .headers()
                    .getOrDefault("x-request-id", List.of())
                    .forEach(id -> result.put("request_id", id));
        }
        return result;
    }

    private static void logprobs(List<LogProb> tokens, ArrayNode to) {
        for (LogProb token : tokens) {
            ObjectNode one = to.addObject().put("token", token.token()).put("logprob", token.logprob());
            if (token.topLogprobs() != null) {
                logprobs(token.topLogprobs(), one.putArray("top"));
            }
        }
    }

    /** The body of the HTTP answer is the message of the exception's cause. */
    private static ObjectNode describe(LangChain4jException error) throws IOException {
        ObjectNode described = JSON.createObjectNode()
                .put("type", error.getClass().getSimpleName())
                .put("message", error.getMessage());
        if (error.getCause() instanceof HttpException http) {
            JsonNode problem = JSON.readTree(http.getMessage()).path("error");
            described.put("status", http.statusCode());
            described.set("code", problem.path("code"));
            described.set("param", problem.path("param"));
        }
        return described;
    }
}

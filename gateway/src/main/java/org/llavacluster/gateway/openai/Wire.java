package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answers of OpenAI's chat API, field by field. Absent values are null if its schema says so, otherwise left out.
 */
final class Wire {

    private Wire() {}

    record Completion(String id, String object, long created, String model, List<Choice> choices, Usage usage) {}

    record Choice(
            int index,
            Message message,
            Logprobs logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    record Message(String role, String content, String refusal) {}

    /**
     * @param usage null in all chunks but the last, and left out of all if not requested
     */
    record Chunk(
            String id,
            String object,
            long created,
            String model,
            List<ChunkChoice> choices,
            @JsonInclude(JsonInclude.Include.NON_NULL) Usage usage) {}

    /** A chunk of a stream that ends with the usage, which is null until then. */
    record ChunkBeforeUsage(
            String id, String object, long created, String model, List<ChunkChoice> choices, Usage usage) {}

    record ChunkChoice(
            int index,
            ChunkDelta delta,
            Logprobs logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChunkDelta(String role, String content) {}

    record Logprobs(List<TokenLogprob> content, List<TokenLogprob> refusal) {}

    record TokenLogprob(
            String token,
            float logprob,
            List<Integer> bytes,
            @JsonProperty("top_logprobs") List<TopLogprob> topLogprobs) {}

    record TopLogprob(String token, float logprob, List<Integer> bytes) {}

    record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens,
            @JsonProperty("prompt_tokens_details") PromptTokensDetails promptTokensDetails) {}

    /**
     * @param imageTokens not in OpenAI's API: the number of the prompt's image tokens
     */
    record PromptTokensDetails(
            @JsonProperty("cached_tokens") int cachedTokens,
            @JsonProperty("image_tokens") int imageTokens) {}

    record ErrorBody(Problem error) {}

    record Problem(String message, String type, String param, String code) {}

    record ModelList(String object, List<Model> data) {}

    /**
     * @param maxModelLen as in vLLM: tokens that a prompt and its answer may have together
     */
    record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy,
            @JsonProperty("max_model_len") int maxModelLen) {}
}

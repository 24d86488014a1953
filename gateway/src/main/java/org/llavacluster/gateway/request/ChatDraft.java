package org.llavacluster.gateway.request;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A caller's request from either API, before any check. Only {@link RequestParser} converts it to what the rest of the
 * gateway accepts.
 *
 * @param model empty for the only one
 * @param topLogprobs alternatives per token; absent for no log probabilities
 * @param choices number of answers; absent for one
 * @param priority among the requests of its tenant; absent for 0
 */
public record ChatDraft(
        String model,
        Input input,
        Sampling sampling,
        Ending ending,
        OptionalLong topLogprobs,
        OptionalLong choices,
        OptionalLong priority) {

    /** The same with another priority. */
    public ChatDraft withPriority(OptionalLong given) {
        return new ChatDraft(model, input, sampling, ending, topLogprobs, choices, given);
    }

    /** The input that the model answers. */
    public sealed interface Input {}

    public record Conversation(List<Message> messages) implements Input {
        public Conversation {
            messages = List.copyOf(messages);
        }
    }

    /** The whole prompt; its image tags refer to the images in order. */
    public record Raw(String text, List<Image> images) implements Input {
        public Raw {
            images = List.copyOf(images);
        }
    }

    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public record Message(Role role, List<Part> parts) {
        public Message {
            parts = List.copyOf(parts);
        }
    }

    public sealed interface Part {}

    public record Text(String text) implements Part {}

    /**
     * An image as sent or by reference.
     *
     * @param field its place in the caller's request, for errors
     */
    public record Image(String field, Source source) implements Part {}

    public sealed interface Source {}

    /** An encoded image file. */
    public record Inline(ByteString file) implements Source {}

    /**
     * An image behind an https URL.
     *
     * @param field the URL's place in the caller's request, for errors
     */
    public record Remote(String field, String url) implements Source {}

    /** The SHA-256 of an image sent earlier, of unchecked length. */
    public record Stored(ByteString id) implements Source {}

    /**
     * What ends an answer.
     *
     * @param stopIds ids that end it, besides the model's own
     * @param ignoreEnds whether to ignore the end ids of the model and of its chat template
     * @param minTokens tokens before any end
     */
    public record Ending(
            OptionalLong maxTokens,
            List<String> stops,
            List<Long> stopIds,
            boolean ignoreEnds,
            OptionalLong minTokens) {

        public static final Ending ABSENT =
                new Ending(OptionalLong.empty(), List.of(), List.of(), false, OptionalLong.empty());

        public Ending {
            stops = List.copyOf(stops);
            stopIds = List.copyOf(stopIds);
        }
    }

    /**
     * Absent values are those of greedy decoding; an absent seed is drawn at random.
     *
     * @param logitBias by token id
     */
    public record Sampling(
            OptionalDouble temperature,
            OptionalDouble topP,
            OptionalLong topK,
            OptionalDouble minP,
            OptionalDouble repetitionPenalty,
            OptionalDouble presencePenalty,
            OptionalDouble frequencyPenalty,
            Map<Long, Double> logitBias,
            Optional<Long> seed) {

        public static final Sampling ABSENT = new Sampling(
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Map.of(),
                Optional.empty());

        public Sampling {
            logitBias = Map.copyOf(logitBias);
        }
    }
}

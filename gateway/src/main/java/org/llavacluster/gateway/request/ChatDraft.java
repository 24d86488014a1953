package org.llavacluster.gateway.request;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a caller asked for, whichever API it used and with nothing checked yet. Only a {@link RequestParser} makes something of
 * it that the rest of the gateway accepts.
 *
 * @param model empty for the only one
 */
public record ChatDraft(
        String model,
        Input input,
        Sampling sampling,
        OptionalLong maxTokens,
        List<String> stops,
        OptionalLong topLogprobs) {

    public ChatDraft {
        stops = List.copyOf(stops);
    }

    /** What the model shall answer to. */
    public sealed interface Input {}

    public record Conversation(List<Message> messages) implements Input {
        public Conversation {
            messages = List.copyOf(messages);
        }
    }

    /** The whole prompt; image tags in it are matched in order with the pictures. */
    public record Raw(String text, List<Picture> pictures) implements Input {
        public Raw {
            pictures = List.copyOf(pictures);
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
     * @param field where it stands in the caller's request, for errors
     */
    public record Picture(String field, Source source) implements Part {}

    public sealed interface Source {}

    /** An encoded image file. */
    public record Inline(ByteString file) implements Source {}

    /** The SHA-256 of an image sent earlier, of any length still. */
    public record Stored(ByteString id) implements Source {}

    /** Absent values are those of greedy decoding; an absent seed is drawn. */
    public record Sampling(
            OptionalDouble temperature,
            OptionalDouble topP,
            OptionalLong topK,
            OptionalDouble minP,
            OptionalDouble repetitionPenalty,
            Optional<Long> seed) {

        public static final Sampling ABSENT = new Sampling(
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }
}

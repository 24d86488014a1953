package org.llavacluster.text.prompt;

import java.util.List;

/** One turn of a conversation. Pictures are numbered in reading order over all messages. */
public record ChatMessage(Role role, List<Part> parts) {

    public ChatMessage {
        parts = List.copyOf(parts);
    }

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /** What a message is made of. */
    public sealed interface Part {}

    /** Words of a person or of the model: never read as special tokens. */
    public record Text(String text) implements Part {}

    /** The place of a picture. */
    public record Image() implements Part {}
}

package org.llavacluster.modelio.prompt;

import java.util.List;

/** One turn of a conversation. Images are numbered in reading order over all messages. */
public record ChatMessage(Role role, List<Part> parts) {

    public ChatMessage {
        parts = List.copyOf(parts);
    }

    /** The author of the message. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /** A part of a message. */
    public sealed interface Part {}

    /** Text of the user or of the model, in which special tokens are never recognised. */
    public record Text(String text) implements Part {}

    /** The place of an image. */
    public record Image() implements Part {}
}

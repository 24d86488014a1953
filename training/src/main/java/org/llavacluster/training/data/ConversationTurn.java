package org.llavacluster.training.data;

import java.util.Objects;

/** One message of a training conversation, with its text as the file has it. */
public record ConversationTurn(Speaker speaker, String text) {

    /** The speakers of LLaVA's files, under the names that the files give them. */
    public enum Speaker {
        HUMAN,
        GPT
    }

    public ConversationTurn {
        Objects.requireNonNull(speaker, "speaker");
        Objects.requireNonNull(text, "text");
    }

    boolean isHuman() {
        return speaker == Speaker.HUMAN;
    }
}

package org.llavacluster.modelio.prompt;

import java.util.List;
import org.llavacluster.modelio.jinja.Rope;

/** Renders a conversation to one text, after which the answer begins. Immutable. */
interface ChatTemplate {

    /**
     * The text, which records for each character whether it comes from a user. In a user's text, special tokens and the
     * image token are only characters.
     *
     * @throws PromptException if the template cannot render these messages
     */
    Rope render(List<ChatMessage> messages);

    /** Strings that end an answer in addition to the model's end ids. */
    List<String> stops();
}

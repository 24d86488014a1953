package org.llavacluster.text.prompt;

import java.util.List;
import org.llavacluster.text.jinja.Rope;

/** Lays a conversation out as one text that ends where the answer begins. Immutable. */
interface ChatTemplate {

    /**
     * The text, which says of each character whether it is a person's: there special tokens and the image token are only characters.
     *
     * @throws PromptException where the template cannot take these messages
     */
    Rope render(List<ChatMessage> messages);

    /** What ends an answer besides the model's end ids, as text. */
    List<String> stops();
}

package org.llavacluster.text.prompt;

import java.util.List;

/** Lays a conversation out as one text that ends where the answer begins. Immutable. */
interface ChatTemplate {

    /**
     * The text, in which special tokens and the image token mean what they say.
     *
     * @throws PromptException where the template cannot take these messages
     */
    String render(List<ChatMessage> messages);

    /** What ends an answer besides the model's end ids, as text. */
    List<String> stops();
}

package org.llavacluster.text.prompt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.text.config.ModelFolder;
import org.llavacluster.text.tokenizer.Tokenizer;

/** Conversations to prompts, by the model's chat template. Safe for use by several threads. */
public final class PromptEncoder {

    private PromptEncoder() {}

    /** @param templateName one of the original templates, or of those in the folder; absent means the model's own */
    public static PromptEncoder of(ModelFolder folder, Tokenizer tokenizer, Optional<String> templateName) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * The prompt for an answer to these messages.
     *
     * @throws PromptException where the template cannot take them
     */
    public Prompt encode(List<ChatMessage> messages) {
        throw new UnsupportedOperationException("not yet");
    }

    /** A prompt given whole: special tokens and {@code <image>} in it mean what they say. */
    public Prompt encodeRaw(String prompt) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Strings that end an answer under this template besides the end ids: {@code ###} for those that never learnt one. */
    public List<String> stops() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Ids that end an answer: the model's, and those of the template's own end marks. */
    public Set<Integer> endIds() {
        throw new UnsupportedOperationException("not yet");
    }
}

package org.llavacluster.text.tokenizer;

import java.util.List;

/** The two ways in which LLaMA tokenizers turn spaces into "▁" and put one in front. */
final class LlamaSpaces {

    private static final String MARK = "▁";

    private LlamaSpaces() {}

    /** Legacy: each text between special tokens gets one. */
    static Normalizer normalizer(boolean legacy) {
        return legacy
                ? new Normalizer(List.of(new Normalizer.Prepend(MARK), new Normalizer.Replace(" ", MARK)))
                : Normalizer.NONE;
    }

    /** No space in front. */
    static Normalizer marksOnly() {
        return new Normalizer(List.of(new Normalizer.Replace(" ", MARK)));
    }

    /** Otherwise: only what starts the input does. */
    static PreTokenizers.Step preTokenizer(boolean legacy) {
        return legacy ? (word, out) -> out.add(word) : PreTokenizers.metaspace(MARK, "first", false);
    }
}

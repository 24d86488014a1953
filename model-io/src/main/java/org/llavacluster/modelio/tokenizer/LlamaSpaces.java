package org.llavacluster.modelio.tokenizer;

import java.util.List;

/** The two ways in which LLaMA tokenizers replace spaces by "▁" and add one in front. */
final class LlamaSpaces {

    private static final String MARK = "▁";

    private LlamaSpaces() {}

    /** Legacy: each text between special tokens gets one. */
    static Normalizer normalizer(boolean legacy) {
        return legacy
                ? new Normalizer(List.of(new Normalizer.Prepend(MARK), new Normalizer.Replace(" ", MARK)))
                : Normalizer.NONE;
    }

    /** Adds no space in front. */
    static Normalizer marksOnly() {
        return new Normalizer(List.of(new Normalizer.Replace(" ", MARK)));
    }

    /** Not legacy: only the start of the input gets one. */
    static PreTokenizers.Step preTokenizer(boolean legacy) {
        return legacy ? (word, out) -> out.add(word) : PreTokenizers.metaspace(MARK, "first", false);
    }
}

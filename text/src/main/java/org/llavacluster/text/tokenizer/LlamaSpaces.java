package org.llavacluster.text.tokenizer;

import java.util.function.UnaryOperator;

/** The two ways in which LLaMA tokenizers turn spaces into "▁" and put one in front. */
final class LlamaSpaces {

    private static final String MARK = "▁";

    private LlamaSpaces() {}

    /** Legacy: each text between special tokens gets one. */
    static UnaryOperator<String> normalizer(boolean legacy) {
        return legacy ? text -> text.isEmpty() ? text : (MARK + text).replace(" ", MARK) : UnaryOperator.identity();
    }

    /** Otherwise: only what starts the input does. */
    static PreTokenizers.Step preTokenizer(boolean legacy) {
        return legacy ? (word, out) -> out.add(word) : PreTokenizers.metaspace(MARK, "first", false);
    }
}

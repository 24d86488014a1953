package org.llavacluster.text.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a tokenizer file says.
 *
 * @param specials ids that decoding leaves out
 * @param prefix ids before every text, likewise {@code suffix} after it
 */
record TokenizerParts(
        Vocabulary vocabulary,
        List<AddedTokens.Added> added,
        BitSet specials,
        UnaryOperator<String> normalizer,
        PreTokenizers.Step preTokenizer,
        BytePairModel model,
        int[] prefix,
        int[] suffix,
        TokenDecoder decoder) {}

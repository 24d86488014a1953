package org.llavacluster.modelio.tokenizer;

import java.util.BitSet;
import java.util.List;

/**
 * The contents of a tokenizer's files.
 *
 * @param specials ids that decoding leaves out
 * @param prefix ids before every text; likewise {@code suffix} after it
 */
record TokenizerParts(
        Vocabulary vocabulary,
        List<AddedTokens.Added> added,
        BitSet specials,
        Normalizer normalizer,
        PreTokenizers.Step preTokenizer,
        BytePairModel model,
        int[] prefix,
        int[] suffix,
        TokenDecoder decoder) {}

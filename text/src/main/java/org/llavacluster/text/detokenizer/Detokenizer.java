package org.llavacluster.text.detokenizer;

import org.llavacluster.text.tokenizer.Decoding;
import org.llavacluster.text.tokenizer.Tokenizer;

/**
 * Text of ids that arrive one by one. What is returned, put together, is what {@link Tokenizer#decode} makes of all ids; text that
 * a later id may still change is held back: a run of byte tokens until it ends, an incomplete character until it is whole. Each id is
 * looked at once. Not for use by several threads.
 */
public final class Detokenizer {

    private final Decoding decoding;

    public Detokenizer(Tokenizer tokenizer) {
        decoding = tokenizer.decoding();
    }

    /** Takes the next id and returns what text is certain now. */
    public String add(int id) {
        return decoding.add(id);
    }

    /** No id follows: returns the rest. */
    public String finish() {
        return decoding.finish();
    }
}

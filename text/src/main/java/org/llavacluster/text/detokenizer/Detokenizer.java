package org.llavacluster.text.detokenizer;

import org.llavacluster.text.tokenizer.Tokenizer;

/**
 * Text of ids that arrive one by one. What is returned, put together, is what {@link Tokenizer#decode} makes of all ids; text that
 * a later id may still change is held back. Not for use by several threads.
 */
public final class Detokenizer {

    public Detokenizer(Tokenizer tokenizer) {}

    /** Takes the next id and returns what text is certain now. */
    public String add(int id) {
        throw new UnsupportedOperationException("not yet");
    }

    /** No id follows: returns the rest. */
    public String finish() {
        throw new UnsupportedOperationException("not yet");
    }
}

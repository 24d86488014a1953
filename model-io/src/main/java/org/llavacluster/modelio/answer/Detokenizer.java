package org.llavacluster.modelio.answer;

import org.llavacluster.modelio.tokenizer.Decoding;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/**
 * Converts ids that arrive one by one to text. The returned pieces together are what {@link Tokenizer#decode} returns
 * for all ids. Text that a later id may still change is held back: a run of byte tokens until it ends, and an
 * incomplete character until it is complete. Each id is processed once. Not thread-safe.
 */
public final class Detokenizer {

    private final Decoding decoding;

    public Detokenizer(Tokenizer tokenizer) {
        decoding = tokenizer.decoding();
    }

    /** Adds the next id and returns the text that is now final. */
    public String add(int id) {
        return decoding.add(id);
    }

    /** Ends the ids and returns the rest of the text. */
    public String finish() {
        return decoding.finish();
    }
}

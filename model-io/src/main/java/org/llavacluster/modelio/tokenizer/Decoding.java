package org.llavacluster.modelio.tokenizer;

/**
 * Decodes ids that arrive one by one. The returned pieces together are the text of all ids; text that a later id may
 * still change is held back. Each id is processed once. Not thread-safe.
 */
public interface Decoding {

    /** Adds the next id and returns the text that is now final. */
    String add(int id);

    /** Ends the ids and returns the rest of the text. */
    String finish();
}

package org.llavacluster.text.tokenizer;

/**
 * Text of ids that arrive one by one. What is returned, put together, is the text of all ids; what a later id may still change is
 * held back. Each id is looked at once. Not for use by several threads.
 */
public interface Decoding {

    /** Takes the next id and returns what text is certain now. */
    String add(int id);

    /** No id follows: returns the rest. */
    String finish();
}

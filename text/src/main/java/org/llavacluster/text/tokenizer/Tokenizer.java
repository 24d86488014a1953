package org.llavacluster.text.tokenizer;

import org.llavacluster.text.config.ModelFolder;

/** Text to token ids and back, as the model's own tokenizer files say. Safe for use by several threads. */
public final class Tokenizer implements AutoCloseable {

    private Tokenizer() {}

    /** Reads the tokenizer of a model folder. */
    public static Tokenizer load(ModelFolder folder) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Ids of a text in which special tokens mean what they say, with what the tokenizer puts around every text (BOS). */
    public int[] encode(String text) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Ids of a text in which special tokens are only characters; nothing is put around it. */
    public int[] encodePlain(String text) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The text of these ids; special tokens are left out, and so are ids that are no token. */
    public String decode(int[] ids) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The bytes of one token alone, no neighbour considered; none where the id is no token. */
    public byte[] bytesOf(int id) {
        throw new UnsupportedOperationException("not yet");
    }

    /** One more than the largest id. */
    public int size() {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {}
}

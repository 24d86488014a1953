package org.llavacluster.modelio.tokenizer;

/** Decodes ids to text in sequence, or a single one. Immutable. */
interface TokenDecoder {

    /** Starts a new decoding. */
    Decoding start();

    /** The bytes of one token; none if the id is not a token. */
    byte[] bytesOf(int id);
}

package org.llavacluster.text.tokenizer;

/** Ids to text, one after the other or one alone. Immutable. */
interface TokenDecoder {

    /** A fresh decoding. */
    Decoding start();

    /** The bytes of one token alone; none where the id is no token. */
    byte[] bytesOf(int id);
}

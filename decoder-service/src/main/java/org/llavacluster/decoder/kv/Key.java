package org.llavacluster.decoder.kv;

import java.util.Arrays;

/** Opaque bytes compared by content: the name of an embedding, or the salt of a tenant. */
public final class Key {

    private final byte[] bytes;
    private final int hash;

    public Key(byte[] bytes) {
        this.bytes = bytes.clone();
        this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Only the length: keys are not for logs. */
    @Override
    public String toString() {
        return "key of " + bytes.length + " bytes";
    }
}

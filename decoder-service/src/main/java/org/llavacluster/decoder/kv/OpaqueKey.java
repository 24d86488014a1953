package org.llavacluster.decoder.kv;

import java.util.Arrays;

/** Opaque bytes compared by content: the name of an image's embeddings, or the salt of a tenant. */
public final class OpaqueKey {

    private final byte[] bytes;
    private final int hash;

    public OpaqueKey(byte[] bytes) {
        this.bytes = bytes.clone();
        this.hash = Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpaqueKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Only the length, because keys must not be logged. */
    @Override
    public String toString() {
        return "key of " + bytes.length + " bytes";
    }
}

package org.llavacluster.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of the JDK, which every Java platform has. */
public final class Sha256 {

    private Sha256() {}

    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of these bytes, 32 bytes. */
    public static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }
}

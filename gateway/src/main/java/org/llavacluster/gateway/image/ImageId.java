package org.llavacluster.gateway.image;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of an encoded image as received. Equal files have equal ids, whatever their sender and API. */
public record ImageId(ByteString digest) {

    public static final int BYTES = 32;

    public ImageId {
        if (digest.size() != BYTES) {
            throw new IllegalArgumentException("an image id has " + BYTES + " bytes, not " + digest.size());
        }
    }

    public static ImageId of(ByteString file) {
        MessageDigest sha = sha256();
        for (ByteBuffer part : file.asReadOnlyByteBufferList()) {
            sha.update(part);
        }
        return new ImageId(ByteString.copyFrom(sha.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(digest.toByteArray());
    }
}

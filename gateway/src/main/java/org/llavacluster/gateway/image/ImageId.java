package org.llavacluster.gateway.image;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
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
        Hasher hasher = Hashing.sha256().newHasher();
        file.asReadOnlyByteBufferList().forEach(hasher::putBytes);
        return new ImageId(ByteString.copyFrom(hasher.hash().asBytes()));
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(digest.toByteArray());
    }
}

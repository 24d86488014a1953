package org.llavacluster.gateway.placement;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.proto.cluster.v1.Description;

/**
 * Names tensors by what they are computed from, under one tenant's key: HMAC-SHA256 over a record of length-prefixed
 * fields. No two records have the same encoding, and names cannot be guessed or probed without the key. Everything that
 * changes a tensor's bits is a field.
 */
public final class TensorKeys {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec tenantKey;

    /**
     * @param tenantKey at least 16 random bytes
     */
    public TensorKeys(byte[] tenantKey) {
        if (tenantKey.length < 16) {
            throw new IllegalArgumentException("a tenant key has at least 16 bytes, not " + tenantKey.length);
        }
        this.tenantKey = new SecretKeySpec(tenantKey, ALGORITHM);
    }

    /** The key of the features that vision nodes with this description compute for the image. */
    public ByteString featureKey(ImageId image, Description vision) {
        return name(
                text("llava feature 1"),
                image.digest(),
                text(vision.getRevision()),
                text(vision.getNumericsId()),
                text(vision.getVision().getPreprocessor()));
    }

    /** The key of the embeddings that projector nodes with this description compute from the features. */
    public ByteString embeddingKey(ByteString featureKey, Description projector) {
        return name(
                text("llava embedding 1"), featureKey, text(projector.getRevision()), text(projector.getNumericsId()));
    }

    /** Decoders share prefixes only between requests with the same salt. */
    public ByteString prefixSalt() {
        return name(text("llava prefix 1"));
    }

    /** The keys of a tenant. */
    TensorKeys tenant(String tenant) {
        return new TensorKeys(name(text("llava tenant 1"), text(tenant)).toByteArray());
    }

    private ByteString name(ByteString... fields) {
        Mac mac = mac();
        for (ByteString field : fields) {
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.size()).flip());
            mac.update(field.asReadOnlyByteBuffer());
        }
        return ByteString.copyFrom(mac.doFinal());
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(tenantKey);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }

    private static ByteString text(String text) {
        return ByteString.copyFrom(text, StandardCharsets.UTF_8);
    }
}

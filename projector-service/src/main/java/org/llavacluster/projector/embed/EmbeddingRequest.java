package org.llavacluster.projector.embed;

import com.google.protobuf.ByteString;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.ImageReference;

/**
 * A decoder's validated request for the embeddings of one image.
 *
 * @param layout the order of the rows
 * @param visionNode member id of the vision node that has the features
 */
public record EmbeddingRequest(
        ByteString embeddingKey, ByteString featureKey, ImageLayout layout, String visionRevision, String visionNode) {

    /** Length of an HMAC-SHA256. */
    private static final int KEY_BYTES = 32;

    /**
     * @throws FailureException naming the field, its limit and the value
     */
    public static EmbeddingRequest of(ImageReference image, ImageLayouts layouts, ImageLimits limits) {
        checkKey("embedding_key", image.getEmbeddingKey());
        checkKey("feature_key", image.getFeatureKey());
        checkSide("width", image.getWidth(), limits);
        checkSide("height", image.getHeight(), limits);
        ImageLayout layout = layout(image, layouts);
        if (layout.rows() != image.getRows()) {
            throw invalid(
                    "rows",
                    "must be " + layout.rows() + " for an image of " + image.getWidth() + " x " + image.getHeight()
                            + ", not " + image.getRows());
        }
        return new EmbeddingRequest(
                image.getEmbeddingKey(),
                image.getFeatureKey(),
                layout,
                image.getVisionRevision(),
                image.getVisionNode());
    }

    private static ImageLayout layout(ImageReference image, ImageLayouts layouts) {
        try {
            return layouts.of(image.getWidth(), image.getHeight());
        } catch (ImageFormatException e) {
            throw new FailureException(new Failure.Invalid("image", e.getMessage()), e);
        }
    }

    private static void checkKey(String field, ByteString key) {
        if (key.size() != KEY_BYTES) {
            throw invalid(field, "must have " + KEY_BYTES + " bytes, not " + key.size());
        }
    }

    private static void checkSide(String field, int value, ImageLimits limits) {
        if (value < 1 || value > limits.maxSide()) {
            throw invalid(field, "must be 1 to " + limits.maxSide() + ", not " + value);
        }
    }

    private static FailureException invalid(String field, String rule) {
        return FailureException.invalid("image." + field, rule);
    }
}

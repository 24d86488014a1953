package org.llavacluster.vision.upload;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.vision.encode.Requester;

/**
 * The header of an uploaded image, checked against the limits.
 *
 * @param requester images of one requester share its turns
 * @param key key of the features
 * @param imageId SHA-256 of the file
 * @param totalBytes bytes of the file
 * @param width width as the model sees the image, orientation applied
 * @param height height as the model sees the image, orientation applied
 * @param trace span of the request that the image is encoded for; invalid without one
 */
public record AnnouncedImage(
        Requester requester,
        ByteString key,
        ByteString imageId,
        int totalBytes,
        int width,
        int height,
        ImageLayout layout,
        SpanContext trace) {

    /** Length of HMAC-SHA256 and SHA-256. */
    private static final int DIGEST_BYTES = 32;

    private static final int MAX_NAME = 100;

    /** A decoder holds the image both as stored and as RGB. */
    private static final int DECODING_BYTES_PER_PIXEL = 8;

    /**
     * @param address address of the caller
     * @param connection the caller's connection
     * @throws FailureException naming the field, its limit and the value
     */
    static AnnouncedImage of(
            EncodeImage header, String address, String connection, ImageLayouts layouts, ImageLimits limits) {
        checkDigest("feature_key", header.getFeatureKey());
        checkDigest("image_id", header.getImageId());
        check("total_bytes", header.getTotalBytes(), limits.maxBytes());
        check("width", header.getWidth(), limits.maxSide());
        check("height", header.getHeight(), limits.maxSide());
        check("width x height", (long) header.getWidth() * header.getHeight(), limits.maxPixels());
        return new AnnouncedImage(
                new Requester(address, connection, cut(header.getPeer()), cut(header.getRequester())),
                header.getFeatureKey(),
                header.getImageId(),
                Math.toIntExact(header.getTotalBytes()),
                header.getWidth(),
                header.getHeight(),
                layout(header, layouts),
                CallTrace.parse(header.getTraceparent()));
    }

    /**
     * Memory in bytes that the image needs until its features are computed.
     *
     * @param drawnPixels pixels that the decoder must compute
     * @param tileBytes bytes of the pixel values of one tile
     */
    public long workingBytes(long drawnPixels, long tileBytes) {
        return totalBytes + DECODING_BYTES_PER_PIXEL * drawnPixels + tileBytes * layout.tiles();
    }

    /** A longer name is cut, so such names may share turns. */
    private static String cut(String name) {
        return name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    }

    private static ImageLayout layout(EncodeImage header, ImageLayouts layouts) {
        try {
            return layouts.of(header.getWidth(), header.getHeight());
        } catch (ImageFormatException e) {
            throw new FailureException(new Failure.Invalid("image", e.getMessage()), e);
        }
    }

    private static void checkDigest(String field, ByteString digest) {
        if (digest.size() != DIGEST_BYTES) {
            throw invalid(field, "must have " + DIGEST_BYTES + " bytes, not " + digest.size());
        }
    }

    private static void check(String field, long value, long limit) {
        if (value < 1 || value > limit) {
            throw invalid(field, "must be 1 to " + limit + ", not " + value);
        }
    }

    private static FailureException invalid(String field, String rule) {
        return FailureException.invalid("image." + field, rule);
    }
}

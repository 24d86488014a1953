package org.llavacluster.gateway.image;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.fetch.ImageFetcher;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Receives images: checks their size and header and counts their tokens, without decoding a pixel. */
public final class ImageIntake {

    private final ImageLimits limits;
    private final ImageLayouts layouts;
    private final Preprocess preprocess;
    private final ImageStore store;
    private final ImageFetcher fetcher;

    /**
     * @param fetcher fetches images by URL if allowed
     */
    public ImageIntake(
            ImageLimits limits, ImageLayouts layouts, Preprocess preprocess, ImageStore store, ImageFetcher fetcher) {
        this.limits = limits;
        this.layouts = layouts;
        this.preprocess = preprocess;
        this.store = store;
        this.fetcher = fetcher;
    }

    /**
     * Reads the header of an image and keeps the image for later requests of the tenant.
     *
     * @param field its place in the request, for errors
     * @throws FailureException {@link Failure.Invalid} if it is not an image or exceeds a limit
     */
    public StoredImage accept(String tenant, String field, ByteString file) {
        limits.checkBytes(file.size()).ifPresent(excess -> refuse(field, excess.message()));
        StoredImage image;
        try {
            ImageHeader header = ImageHeader.read(file.asReadOnlyByteBuffer());
            limits.check(header).ifPresent(excess -> refuse(field, excess.message()));
            int width = header.widthAsSeen(preprocess);
            int height = header.heightAsSeen(preprocess);
            image = new StoredImage(
                    ImageId.of(file),
                    file,
                    width,
                    height,
                    layouts.of(width, height).rows());
        } catch (ImageFormatException e) {
            throw new FailureException(new Failure.Invalid(field, field + ": " + e.getMessage()), e);
        }
        store.put(tenant, image);
        return image;
    }

    /**
     * Fetches an image and then treats it like a received one.
     *
     * @param field the URL's place in the request, for errors
     * @throws FailureException {@link Failure.Invalid} for a URL that is forbidden or cannot be fetched, and as for
     *     {@link #accept}
     */
    public StoredImage fetch(String tenant, String field, String url) {
        return accept(tenant, field, fetcher.fetch(field, url));
    }

    /**
     * An image that the tenant sent earlier, whose lifetime starts again.
     *
     * @throws FailureException {@link Failure.Precondition} if it is not stored
     */
    public StoredImage recall(String tenant, String field, ByteString id) {
        if (id.size() != ImageId.BYTES) {
            throw new FailureException(new Failure.Invalid(
                    field, field + ": an image id has " + ImageId.BYTES + " bytes, given " + id.size()));
        }
        return store.use(tenant, new ImageId(id))
                .orElseThrow(() -> new FailureException(
                        new Failure.Precondition(field + ": the image is not here any more; send the image again")));
    }

    private static void refuse(String field, String message) {
        throw new FailureException(new Failure.Invalid(field, field + ": " + message));
    }
}

package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.gateway.admission.PixelBudget;
import org.llavacluster.gateway.placement.ImageRoute;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.Source;

/**
 * The images of one request. An image that occurs twice in the prompt is encoded once. Used on the request's thread
 * only.
 */
final class RequestImages implements AutoCloseable {

    private final RequestScope scope;
    private final ChatParts parts;

    /** By embedding key. */
    private final Map<ByteString, ImageWork> images = new LinkedHashMap<>();

    /** In the order of the prompt. */
    private final List<ImageWork> inPrompt = new ArrayList<>();

    private PixelBudget.Claim claim = PixelBudget.Claim.NOTHING;

    RequestImages(RequestScope scope, ChatParts parts) {
        this.scope = scope;
        this.parts = parts;
    }

    /**
     * Begins to encode the images.
     *
     * @throws FailureException {@link Failure.Overloaded} if images of the peer hold all the pixels that it may have
     */
    void encode(List<ValidRequest.Image> wanted) {
        claim = parts.pixels()
                .claim(
                        scope.peer(),
                        wanted.stream()
                                .mapToLong(image -> image.stored().pixels())
                                .sum());
        for (ValidRequest.Image image : wanted) {
            ImageWork work = new ImageWork(image, scope, parts);
            ImageWork same = images.putIfAbsent(work.route().embeddingKey(), work);
            inPrompt.add(same == null ? work : same);
        }
        images.values().forEach(ImageWork::encode);
    }

    /** The current route of the image with that index in the prompt. */
    ImageRoute route(int index) {
        return inPrompt.get(index).route();
    }

    /** Whether all of them are known to be valid. */
    boolean allEncoded() {
        return images.values().stream().allMatch(ImageWork::encoded);
    }

    /** Whether {@link #settle} has something to do. */
    boolean unsettled() {
        return images.values().stream().anyMatch(ImageWork::unsettled);
    }

    /** Handles encodes that ended; returns the sources that decoders wait for. */
    List<Source> settle() {
        List<Source> sources = new ArrayList<>();
        for (ImageWork image : images.values()) {
            if (image.unsettled()) {
                image.settle().ifPresent(sources::add);
            }
        }
        if (allEncoded()) {
            claim.close();
        }
        return sources;
    }

    /** When {@link #settle} may have something to do, if nothing happens before; empty for never. */
    Optional<Long> nextLook() {
        return images.values().stream()
                .flatMap(image -> image.nextLook().stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Workers came or went: what was on those that are gone is done again elsewhere.
     *
     * @param needed whether decoders may not have the embeddings yet
     * @return sources to tell the decoders, in place of those that they know
     */
    List<Source> workersChanged(boolean needed) {
        return images.values().stream()
                .flatMap(image -> image.workersChanged(needed).stream())
                .toList();
    }

    /**
     * A decoder cannot get the embeddings of an image.
     *
     * @return the source to tell it, if it is known already
     */
    Optional<Source> missed(Missing missing) {
        ImageWork image = images.get(missing.getEmbeddingKey());
        if (image == null) {
            throw new WorkerFaultException("a decoder misses an image that is not in its prompt");
        }
        return image.missed(missing.getUnreachable());
    }

    @Override
    public void close() {
        images.values().forEach(ImageWork::close);
        claim.close();
    }
}

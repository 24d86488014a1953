package org.llavacluster.scheduling;

import java.util.List;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;

/** What the shell has to do, in this order. */
public sealed interface ClusterAction {

    /** Encode images, with one call to one node. */
    record Encode(long batch, String worker, long epoch, List<ImageSpec> images) implements ClusterAction {

        public Encode {
            images = List.copyOf(images);
        }
    }

    /** Nobody waits for an image of a batch any more; the batch goes on with the others, and ends with the last. */
    record DropImage(long batch, ContentDigest featureKey) implements ClusterAction {}

    /** The node of a batch does not answer, or is gone: the call is of no use any more. */
    record DropBatch(long batch) implements ClusterAction {}

    /**
     * Generate the rest of an answer.
     *
     * @param attempt rises with each of these actions of a request; its events carry it
     * @param produced tokens of earlier attempts, which the decoder is given
     * @param sources in the order of the request's images
     */
    record Generate(long id, int attempt, String decoder, long epoch, int produced, List<Source> sources)
            implements ClusterAction {

        public Generate {
            sources = List.copyOf(sources);
        }
    }

    /** All images of a request are encoded, so all of them can be read. At most once for a request with images. */
    record ImagesReady(long id) implements ClusterAction {}

    /** Tell the decoder where an image that it missed, or that moved, can be had now. */
    record Resupply(long id, int attempt, Source source) implements ClusterAction {}

    /**
     * End an attempt's call, if it has not ended: the request goes on elsewhere, or has ended.
     *
     * @param silent whether that is because nothing is heard of the decoder
     */
    record Abandon(long id, int attempt, boolean silent) implements ClusterAction {}

    /** The last action of each request, exactly once. All that was held for it is free. */
    record End(long id, RequestOutcome outcome) implements ClusterAction {}

    /** Where an image's tensors are made. */
    record Source(ContentDigest featureKey, String vision, String projector) {}
}

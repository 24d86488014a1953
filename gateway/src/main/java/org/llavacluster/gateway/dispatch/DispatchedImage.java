package org.llavacluster.gateway.dispatch;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.scheduling.image.ImageSpec;

/**
 * An image of a dispatched request: what a vision node is sent of it.
 *
 * @param spec as the scheduler sees it
 * @param visionRevision for which the key holds
 * @param peer whose turns at a vision node its encode takes
 * @param requester within those of the peer
 * @param traceparent place in the trace of the request; empty without one
 */
public record DispatchedImage(
        ImageSpec spec,
        ByteString featureKey,
        StoredImage image,
        String visionRevision,
        String peer,
        String requester,
        String traceparent) {}

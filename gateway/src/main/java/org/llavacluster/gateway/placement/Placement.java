package org.llavacluster.gateway.placement;

import java.util.Set;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;

/** Chooses the workers of a request. */
public interface Placement {

    /**
     * Where the image is to be encoded and projected.
     *
     * @param lost ids of nodes that failed this request already
     * @throws FailureException {@link org.llavacluster.node.failure.Failure.Unavailable} if nobody is left
     */
    ImageRoute route(StoredImage image, Set<String> lost);

    /**
     * A decoder, which counts as loaded with one more request until the lease is closed.
     *
     * @throws FailureException {@link org.llavacluster.node.failure.Failure.Unavailable} if nobody is there
     */
    DecoderLease decoder();

    /** Closing it, any number of times, ends it once. */
    interface DecoderLease extends AutoCloseable {

        Member member();

        String numericsId();

        /** One more request at the same decoder, as loaded as by any other. */
        DecoderLease again();

        @Override
        void close();
    }
}

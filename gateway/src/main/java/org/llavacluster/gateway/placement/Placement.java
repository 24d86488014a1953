package org.llavacluster.gateway.placement;

import java.util.Optional;
import java.util.Set;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.membership.WorkerEpoch;

/** Chooses the workers of a request. */
public interface Placement {

    /**
     * Where the image is to be encoded and projected.
     *
     * @param lost workers that failed this request already: chosen only where there are no others
     * @throws FailureException {@link org.llavacluster.node.failure.Failure.Unavailable} if nobody is there
     */
    ImageRoute route(StoredImage image, Set<WorkerEpoch> lost);

    /**
     * A decoder, which counts as loaded with one more request until the lease is closed.
     *
     * @throws FailureException {@link org.llavacluster.node.failure.Failure.Unavailable} if there is none
     */
    DecoderLease decoder();

    /**
     * A decoder for a request that lost its own; empty if there is none now.
     *
     * @param numericsId that it must have, because tokens were sent; empty for any decoder that serves
     * @param lost decoders that are chosen only where there is no other
     */
    Optional<DecoderLease> decoder(Optional<String> numericsId, Set<WorkerEpoch> lost);

    /** Whether this epoch of the worker is still present, as far as is known. */
    boolean present(WorkerEpoch worker);

    /** Calls back after workers came or went or told their load, on any thread; the listener must not block. */
    Subscription onChange(Runnable listener);

    /**
     * Calls back after workers appeared, disappeared or fell silent, on any thread; the listener must not block or
     * throw.
     */
    Subscription onPresence(Runnable listener);

    /** That worker failed at what it was given: others are better for a while. */
    void failed(WorkerEpoch worker);

    /** The first close ends it; later ones do nothing. */
    interface DecoderLease extends AutoCloseable {

        Member member();

        WorkerEpoch epoch();

        String numericsId();

        /** One more request at the same decoder, counted like any other. */
        DecoderLease again();

        @Override
        void close();
    }
}

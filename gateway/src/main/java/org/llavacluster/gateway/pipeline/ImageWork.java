package org.llavacluster.gateway.pipeline;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.gateway.placement.ImageRoute;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.Source;

/** One image of one request: has it encoded, and again if the decoder misses it. Used on the request's thread only. */
final class ImageWork implements AutoCloseable {

    /** A tensor that is still missing after that many encodes is given up. */
    private static final int MAX_ENCODES = FixedLimits.ENCODES_OF_IMAGE.intValue();

    private final ValidRequest.Image image;
    private final String requester;
    private final Placement placement;
    private final EncodeFlights flights;
    private final Runnable wake;

    /** Nodes that failed this request. */
    private final Set<String> lost = new HashSet<>();

    private ImageRoute route;
    private EncodeFlights.Seat seat;
    private int encodes;
    private boolean encoded;
    private boolean missing;

    /**
     * @param requester requester whose turns at the vision node the image takes
     */
    ImageWork(ValidRequest.Image image, String requester, Placement placement, EncodeFlights flights, Runnable wake) {
        this.image = image;
        this.requester = requester;
        this.placement = placement;
        this.flights = flights;
        this.wake = wake;
        this.route = placement.route(image.stored(), lost);
    }

    ImageRoute route() {
        return route;
    }

    /** Whether a node has had the features, so the image is valid. */
    boolean encoded() {
        return encoded;
    }

    /** Whether {@link #settle} has something to do. */
    boolean unsettled() {
        return seat != null && seat.ended();
    }

    void encode() {
        if (encodes == MAX_ENCODES) {
            throw new FailureException(
                    new Failure.Unavailable("an image's embeddings were lost " + MAX_ENCODES + " times"));
        }
        encodes++;
        seat = flights.join(route, requester, wake);
    }

    /** The decoder cannot get the embeddings; it receives a source when there is one. */
    void missed() {
        missing = true;
        if (seat == null) {
            route = placement.route(image.stored(), lost);
            encode();
        }
    }

    /**
     * Handles an encode that ended.
     *
     * @return the source for the decoder, if it waits for one
     * @throws FailureException {@link Failure.Invalid} for an image that cannot be read
     */
    Optional<Source> settle() {
        EncodeCall.Outcome outcome = seat.outcome();
        seat = null;
        switch (outcome) {
            case EncodeCall.Outcome.Encoded() -> encoded = true;
            case EncodeCall.Outcome.Refused(String reason) ->
                throw new FailureException(new Failure.Invalid(image.field(), image.field() + ": " + reason));
            case EncodeCall.Outcome.Lost(Failure failure) -> {
                reroute(failure);
                return Optional.empty();
            }
        }
        if (!missing) {
            return Optional.empty();
        }
        missing = false;
        return Optional.of(Source.newBuilder()
                .setEmbeddingKey(route.embeddingKey())
                .setVisionNode(route.vision().id())
                .setProjectorNode(route.projector().id())
                .build());
    }

    /** Continues at another vision node. The decoder asks for the image if it looks for it at the lost one. */
    private void reroute(Failure failure) {
        lost.add(route.vision().id());
        ImageRoute next;
        try {
            next = placement.route(image.stored(), lost);
        } catch (FailureException nobodyLeft) {
            throw new FailureException(failure, nobodyLeft);
        }
        route = next;
        encode();
    }

    @Override
    public void close() {
        if (seat != null) {
            seat.close();
        }
    }
}

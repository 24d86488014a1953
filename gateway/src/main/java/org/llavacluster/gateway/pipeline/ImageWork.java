package org.llavacluster.gateway.pipeline;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.gateway.placement.ImageRoute;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.proto.cluster.v1.Source;

/**
 * One image of one request: has it encoded, and again where its tensors or a node with them are lost. Where no node is
 * left, it waits for one within bounds. By the request's thread alone.
 */
final class ImageWork implements AutoCloseable {

    /** A tensor that is still missing after that many encodes is given up. */
    private static final int MAX_ENCODES = FixedLimits.ENCODES_OF_IMAGE.intValue();

    private final ValidRequest.Image image;
    private final RequestScope scope;
    private final Placement placement;
    private final EncodeFlights flights;
    private final Duration patience;

    /** Workers that failed this request. */
    private final Set<WorkerEpoch> lost = new HashSet<>();

    private ImageRoute route;
    private EncodeFlights.Seat seat;
    private int encodes;
    private boolean encoded;

    /** Whether decoders wait for a source. */
    private boolean missing;

    private int troubles;
    private long notBefore;

    /** Why it waits for a node; null while it does not. */
    private Failure waitingFor;

    private long waitingSince;

    /** @throws FailureException if there is no node for it */
    ImageWork(ValidRequest.Image image, RequestScope scope, ChatParts parts) {
        this.image = image;
        this.scope = scope;
        this.placement = parts.placement();
        this.flights = parts.flights();
        this.patience = parts.resumes().patience();
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
        return seat != null && seat.ended() || waitingFor != null && scope.now() - notBefore >= 0;
    }

    /** When it may have, if nothing happens before; empty for never. */
    Optional<Long> nextLook() {
        return waitingFor == null ? Optional.empty() : Optional.of(notBefore);
    }

    void encode() {
        if (encodes == MAX_ENCODES) {
            throw new FailureException(
                    new Failure.Unavailable("an image's embeddings were lost " + MAX_ENCODES + " times"));
        }
        encodes++;
        seat = flights.join(route, new EncodeCall.Requester(scope.peer(), scope.requestId()), scope::wake);
    }

    /**
     * A decoder cannot get the embeddings: it gets another source as soon as there is one.
     *
     * @param unreachable whether a node was not reached, so that the features may still be where they were
     * @return the source, if it is known already
     */
    Optional<Source> missed(boolean unreachable) {
        missing = true;
        if (seat != null || waitingFor != null) {
            return Optional.empty();
        }
        if (unreachable) {
            trouble(route.projector().epoch());
            Optional<ImageRoute> other = reroute();
            if (other.isPresent()
                    && other.get().vision().epoch().equals(route.vision().epoch())
                    && !lost.contains(other.get().projector().epoch())) {
                missing = false;
                route = other.get();
                return Optional.of(route.source());
            }
        }
        encodeSomewhere(new Failure.Unavailable("the embeddings of an image are not available"));
        return Optional.empty();
    }

    /**
     * Workers came or went.
     *
     * @param needed whether decoders may not have the embeddings yet
     * @return a source to tell the decoders, in place of the one that they know
     */
    Optional<Source> workersChanged(boolean needed) {
        if (waitingFor != null) {
            notBefore = Math.min(notBefore, scope.now());
            return Optional.empty();
        }
        if (!placement.present(route.vision().epoch()) && (seat != null || needed)) {
            visionGone();
            return Optional.empty();
        }
        return placement.present(route.projector().epoch()) ? Optional.empty() : projectorGone();
    }

    private void visionGone() {
        WorkerEpoch gone = route.vision().epoch();
        if (seat != null
                && reroute().filter(next -> !next.vision().epoch().equals(gone)).isEmpty()) {
            // Nowhere to go: it may come back, and the call breaks if it does not.
            return;
        }
        trouble(gone);
        missing |= encoded;
        close();
        encodeSomewhere(new Failure.Unavailable("the vision node was lost"));
    }

    private Optional<Source> projectorGone() {
        trouble(route.projector().epoch());
        Optional<ImageRoute> other =
                reroute().filter(next -> placement.present(next.projector().epoch()));
        if (other.isEmpty()) {
            return Optional.empty();
        }
        route = route.with(other.get().projector());
        if (seat != null) {
            missing = true;
            return Optional.empty();
        }
        return Optional.of(route.source());
    }

    /**
     * Takes note of an encode that ended, or looks for a node again.
     *
     * @return the source to tell the decoders, if they wait for one
     * @throws FailureException {@link Failure.Invalid} for an image that cannot be read
     */
    Optional<Source> settle() {
        if (waitingFor != null) {
            encodeSomewhere(waitingFor);
            return Optional.empty();
        }
        EncodeCall.Outcome outcome = seat.outcome();
        seat = null;
        switch (outcome) {
            case EncodeCall.Outcome.Encoded() -> encoded = true;
            case EncodeCall.Outcome.Refused(String reason) ->
                throw new FailureException(new Failure.Invalid(image.field(), image.field() + ": " + reason));
            case EncodeCall.Outcome.Lost(Failure failure) -> {
                trouble(route.vision().epoch());
                // The decoder asks for the image if it looks for it at the lost node.
                encodeSomewhere(failure);
                return Optional.empty();
            }
        }
        if (!missing) {
            return Optional.empty();
        }
        missing = false;
        return Optional.of(route.source());
    }

    private void trouble(WorkerEpoch worker) {
        lost.add(worker);
        notBefore = scope.now() + RetryPause.after(++troubles).toNanos();
    }

    private Optional<ImageRoute> reroute() {
        try {
            return Optional.of(placement.route(image.stored(), lost));
        } catch (FailureException nobody) {
            return Optional.empty();
        }
    }

    /**
     * Has it encoded by a node that has not failed yet; by one that has, after a pause; and waits for one where none is
     * there.
     */
    private void encodeSomewhere(Failure failure) {
        Optional<ImageRoute> next = reroute();
        boolean failedBefore = next.filter(this::failedBefore).isPresent();
        if (next.isEmpty() || failedBefore && scope.now() - notBefore < 0) {
            await(failure, next.isEmpty());
            return;
        }
        if (failedBefore && encodes == MAX_ENCODES) {
            throw new FailureException(failure);
        }
        waitingFor = null;
        route = next.get();
        encode();
    }

    private boolean failedBefore(ImageRoute next) {
        return lost.contains(next.vision().epoch())
                || lost.contains(next.projector().epoch());
    }

    /** @param nobody whether no node is there: then one that comes ends the wait */
    private void await(Failure failure, boolean nobody) {
        if (waitingFor == null) {
            waitingSince = scope.now();
        } else if (scope.now() - waitingSince >= patience.toNanos()) {
            throw new FailureException(failure);
        }
        waitingFor = failure;
        if (nobody) {
            notBefore = waitingSince + patience.toNanos();
        }
    }

    @Override
    public void close() {
        if (seat != null) {
            seat.close();
            seat = null;
        }
    }
}

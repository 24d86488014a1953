package org.llavacluster.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.ScheduledRequest.Place;
import org.llavacluster.scheduling.image.BoundedRendezvous;
import org.llavacluster.scheduling.image.EncodeFlight;
import org.llavacluster.scheduling.image.EncodeFlightBook;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.image.VisionBatcher;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;

/** The half of the scheduler that has images encoded: the queue for vision nodes, flights and their batches. */
final class ImageStage {

    /** Load of a vision node beyond the mean, at which an image does not go where its key leads. */
    private static final double SLACK = 1.25;

    private record FlyingBatch(WorkerNode node, Map<ContentDigest, EncodeFlight> pending) {}

    /** An image that a decoder missed once more, and that is encoded again at that time. */
    private record Miss(ScheduledRequest request, ImageSpec image, long dueNanos) {}

    private final SchedulerContext context;
    private final StageQueue queue;
    private final EncodeFlightBook book;
    private final VisionBatcher batcher;
    private final BoundedRendezvous rendezvous = new BoundedRendezvous(SLACK);
    private final ProjectorChoice projectors;
    private final Consumer<ScheduledRequest> onReady;

    private final Map<Long, FlyingBatch> batches = new HashMap<>();
    private final Map<WorkerNode, Set<EncodeFlight>> assigned = new HashMap<>();
    private final Set<EncodeFlight> grounded = new LinkedHashSet<>(); // without a node
    private final List<Miss> misses = new ArrayList<>();
    private long groundedVersion;
    private long pausedNanos = Long.MAX_VALUE; // when the first grounded flight may go to a node that failed it
    private int encoding;

    /** @param onReady called with a request when the last of its images is encoded */
    ImageStage(
            SchedulerContext context,
            SchedulerParts parts,
            ProjectorChoice projectors,
            Consumer<ScheduledRequest> onReady) {
        this.context = context;
        this.queue = new StageQueue(context, parts.visionQueue(), context.times.visionStarts());
        this.book = parts.flights();
        this.batcher = parts.batcher();
        this.projectors = projectors;
        this.onReady = onReady;
    }

    /** Tiles of images that would have to be encoded anew. */
    int newTiles(RequestSpec spec) {
        List<WorkerNode> usable = usable(spec);
        int tiles = 0;
        for (ImageSpec image : spec.images()) {
            boolean there = book.find(image).isPresent()
                    || book.holder(image.featureKey(), usable).isPresent();
            tiles += there ? 0 : image.tiles();
        }
        return tiles;
    }

    private List<WorkerNode> usable(RequestSpec spec) {
        return context.workers.usable(
                context.now, WorkerRole.VISION, spec.models().vision());
    }

    /** Waits for vision nodes if it brings work for them; else it only joins what is there. */
    void enter(ScheduledRequest request, int newTiles) {
        if (newTiles == 0) {
            begin(request);
            return;
        }
        request.place = Place.WAITING_FOR_VISION;
        queue.add(request, newTiles);
    }

    /** Time that a new request of the tenant waits in this queue. */
    double waitNanos(String tenant) {
        return queue.waitNanos(tenant);
    }

    /** Starts requests that waited, as far as vision nodes have room. */
    void pump() {
        reassign();
        encodeMissed();
        while (!queue.isEmpty()) {
            ScheduledRequest request = queue.first();
            List<WorkerNode> usable = usable(request.spec);
            if (usable.isEmpty()) {
                if (context.workers.hopeful(
                        context.now, WorkerRole.VISION, request.spec.models().vision())) {
                    break;
                }
                context.fail(request, Fault.NO_WORKER);
                continue;
            }
            double left = request.spec.deadlineNanos() - context.now;
            double needed = context.times.withImages(
                    context.now, request.spec.promptTokens(), request.spec.maxTokens(), context.rates(request));
            if (needed > left && context.busy()) {
                queue.refuseLate(request, needed - left);
                continue;
            }
            if (!hasRoom(usable)) {
                break;
            }
            queue.start(request);
            begin(request);
        }
        queue.noteWaiting();
    }

    /** Whether the nodes together have less work than they may have. */
    private boolean hasRoom(List<WorkerNode> nodes) {
        double seconds = context.limits.visionNanos() / 1e9;
        double unknown = context.limits.batches().tiles() / seconds;
        double room = 0;
        for (WorkerNode node : nodes) {
            room += Math.max(1, node.ratePerSecond(unknown) * seconds) - node.allWork();
        }
        return room > 0;
    }

    /** Joins or starts the encodes of all its images. */
    private void begin(ScheduledRequest request) {
        request.place = Place.ENCODING;
        encoding++;
        List<WorkerNode> usable = usable(request.spec);
        for (ImageSpec image : request.spec.images()) {
            Optional<WorkerNode> holder = book.holder(image.featureKey(), usable);
            if (holder.isPresent()) {
                request.visions.put(image.featureKey(), holder.get().id());
            } else if (!join(request, image)) {
                context.fail(request, Fault.NO_WORKER);
                return;
            }
        }
        onReady.accept(request);
    }

    /** Waits for an image's encode, which is started if there is none; false if there is no node for it. */
    private boolean join(ScheduledRequest request, ImageSpec image) {
        Optional<EncodeFlight> known = book.find(image);
        EncodeFlight flight =
                known.orElseGet(() -> book.open(image, request.spec.models().vision()));
        flight.waiters().add(request.id());
        request.encoding.add(image.featureKey());
        if (known.isPresent()) {
            return true;
        }
        context.retries.attempted();
        return assign(flight, request.spec.deadlineNanos());
    }

    private boolean assign(EncodeFlight flight, long deadlineNanos) {
        List<WorkerNode> usable = context.workers.usable(context.now, WorkerRole.VISION, flight.identity());
        Optional<WorkerNode> node =
                rendezvous.choose(flight.key(), flight.image().tiles(), usable, flight.failedAt());
        if (node.isEmpty()) {
            grounded.add(flight);
            return context.workers.hopeful(context.now, WorkerRole.VISION, flight.identity());
        }
        if (context.now < flight.pausedNanos()
                && flight.failedAt().contains(node.get().id())) {
            grounded.add(flight);
            pausedNanos = Math.min(pausedNanos, flight.pausedNanos());
            return true;
        }
        flight.assign(context.now, node.get());
        node.get().take(flight.image().tiles(), 0);
        assigned.computeIfAbsent(node.get(), _ -> new LinkedHashSet<>()).add(flight);
        batcher.add(context.now, flight, deadlineNanos);
        return true;
    }

    /** Flights without a node, once other nodes are usable or their pause is over. */
    private void reassign() {
        boolean sameNodes = groundedVersion == context.workers.version();
        if (grounded.isEmpty() || sameNodes && context.now < pausedNanos) {
            return;
        }
        pausedNanos = Long.MAX_VALUE;
        groundedVersion = context.workers.version();
        for (EncodeFlight flight : List.copyOf(grounded)) {
            if (grounded.remove(flight)) {
                assignOrFail(flight);
            }
        }
    }

    private void assignOrFail(EncodeFlight flight) {
        if (!assign(flight, earliestDeadline(flight))) {
            grounded.remove(flight);
            failAll(flight, Fault.NO_WORKER);
        }
    }

    private long earliestDeadline(EncodeFlight flight) {
        return flight.waiters().stream()
                .mapToLong(id -> context.requests.get(id).spec.deadlineNanos())
                .min()
                .orElseThrow();
    }

    /** Sends the batches that are due. */
    void leave() {
        for (VisionBatcher.Departure departure : batcher.leave(context.now)) {
            Map<ContentDigest, EncodeFlight> pending = new LinkedHashMap<>();
            departure.flights().forEach(flight -> pending.put(flight.key(), flight));
            batches.put(departure.batch(), new FlyingBatch(departure.node(), pending));
            context.actions.add(new ClusterAction.Encode(
                    departure.batch(),
                    departure.node().id(),
                    departure.node().epoch(),
                    departure.flights().stream().map(EncodeFlight::image).toList()));
        }
    }

    long dueNanos() {
        long due = Math.min(batcher.dueNanos(), grounded.isEmpty() ? Long.MAX_VALUE : pausedNanos);
        for (Miss miss : misses) {
            // One that is due already waits for a projector, and every step looks at it.
            due = miss.dueNanos() > context.now ? Math.min(due, miss.dueNanos()) : due;
        }
        return due;
    }

    void encoded(long batch, ContentDigest key) {
        EncodeFlight flight = take(batch, key);
        if (flight == null) {
            return;
        }
        WorkerNode node = flight.node();
        node.health().succeeded();
        context.times.encoded(context.now, context.now - flight.assignedNanos());
        book.hold(flight.key(), node);
        release(flight);
        book.close(flight);
        for (Long id : List.copyOf(flight.waiters())) {
            arrived(context.requests.get(id), flight.key(), node);
        }
    }

    private void arrived(ScheduledRequest request, ContentDigest key, WorkerNode node) {
        request.encoding.remove(key);
        String before = request.visions.put(key, node.id());
        boolean asked = request.asked.remove(key);
        if (request.place == Place.GENERATING && (asked || !node.id().equals(before))) {
            context.actions.add(new ClusterAction.Resupply(
                    request.id(),
                    request.attempt,
                    new ClusterAction.Source(key, node.id(), projectors.of(request, image(request, key)))));
        }
        if (request.encoding.isEmpty() && (request.place == Place.ENCODING || request.place == Place.GENERATING)) {
            onReady.accept(request);
        }
    }

    private static ImageSpec image(ScheduledRequest request, ContentDigest key) {
        return request.spec.images().stream()
                .filter(image -> image.featureKey().equals(key))
                .findFirst()
                .orElseThrow();
    }

    void refused(long batch, ContentDigest key) {
        EncodeFlight flight = take(batch, key);
        if (flight != null) {
            flight.node().health().succeeded();
            release(flight);
            endAll(flight, _ -> new RequestOutcome.ImageRefused(key));
        }
    }

    private void failAll(EncodeFlight flight, Fault fault) {
        endAll(flight, request -> new RequestOutcome.Failed(fault, request.produced));
    }

    private void endAll(EncodeFlight flight, Function<ScheduledRequest, RequestOutcome> outcome) {
        book.close(flight);
        for (Long id : List.copyOf(flight.waiters())) {
            ScheduledRequest request = context.requests.get(id);
            request.encoding.remove(flight.key());
            context.end(request, outcome.apply(request));
        }
    }

    /** A batch ended: what has no result goes elsewhere. */
    void batchEnded(long batchId, boolean failed) {
        FlyingBatch batch = batches.remove(batchId);
        if (batch == null) {
            context.late++;
            return;
        }
        batcher.landed(context.now, batch.node());
        if (failed || !batch.pending().isEmpty()) {
            context.workers.failed(context.now, batch.node());
        }
        reroute(List.copyOf(batch.pending().values()), true);
    }

    /** The node is lost or suspect. */
    void lost(WorkerNode node) {
        batches.entrySet().removeIf(entry -> {
            boolean here = entry.getValue().node() == node;
            if (here) {
                context.actions.add(new ClusterAction.DropBatch(entry.getKey()));
            }
            return here;
        });
        batcher.lost(node);
        reroute(List.copyOf(assigned.getOrDefault(node, Set.of())), false);
    }

    /**
     * All of them leave their node before the first goes elsewhere: a request that fails over one may leave the others
     * too.
     */
    private void reroute(List<EncodeFlight> flights, boolean isRetry) {
        for (EncodeFlight flight : flights) {
            flight.failedAt().add(flight.node().id());
            flight.pause(context.now + CallPause.nanos(flight.attempts()));
            release(flight);
            flight.unassign();
            grounded.add(flight);
        }
        for (EncodeFlight flight : flights) {
            if (grounded.remove(flight)) {
                reroute(flight, isRetry);
            }
        }
    }

    private void reroute(EncodeFlight flight, boolean isRetry) {
        if (flight.attempts() >= context.limits.maxEncodes()) {
            failAll(flight, Fault.IMAGE_LOST);
        } else if (isRetry && !context.repeat()) {
            failAll(flight, Fault.RETRIES_SPENT);
        } else {
            assignOrFail(flight);
        }
    }

    /** A decoder cannot get an image: it is encoded again. */
    void missing(ScheduledRequest request, ImageSpec image) {
        ContentDigest key = image.featureKey();
        int missed = request.misses.merge(key, 1, Integer::sum);
        if (missed >= context.limits.maxEncodes()) {
            context.fail(request, Fault.IMAGE_LOST);
            return;
        }
        request.asked.add(key);
        if (!request.encoding.contains(key)) {
            // The first time it was evicted, most likely; later its projector may be about to end.
            long pause = missed == 1 ? 0 : CallPause.nanos(missed - 1);
            misses.add(new Miss(request, image, context.now + pause));
            encodeMissed();
        }
    }

    /** Encodes what decoders missed, once its pause is over and a projector is there. */
    private void encodeMissed() {
        for (Miss miss : List.copyOf(misses)) {
            ScheduledRequest request = miss.request();
            boolean waits = projectors.usable(request).isEmpty() && projectors.isHopeful(request);
            if (!waits && context.now >= miss.dueNanos() && misses.remove(miss)) {
                book.forget(miss.image().featureKey());
                if (!request.encoding.contains(miss.image().featureKey()) && !join(request, miss.image())) {
                    context.fail(request, Fault.NO_WORKER);
                }
            }
        }
    }

    /**
     * The vision node is gone or silent, and the request's decoder may be waiting for features of it: they are made
     * elsewhere, where there is another one.
     */
    void encodeElsewhere(ScheduledRequest request, WorkerNode gone) {
        if (usable(request.spec).isEmpty()) {
            return;
        }
        for (ImageSpec image : request.spec.images()) {
            ContentDigest key = image.featureKey();
            if (gone.id().equals(request.visions.get(key)) && !request.encoding.contains(key)) {
                request.asked.add(key);
                book.forget(key);
                join(request, image);
            }
        }
    }

    /** The projector is gone or silent, and the request's decoder may be waiting for embeddings of it. */
    void projectElsewhere(ScheduledRequest request, WorkerNode gone) {
        for (ImageSpec image : request.spec.images()) {
            if (gone.id().equals(request.projectors.get(image.featureKey()))) {
                changeProjector(request, image);
            }
        }
    }

    /**
     * An image cannot be had of its projector: another one pulls its features from the same vision node.
     *
     * @return false if there is no other one, or the vision node is gone too
     */
    boolean changeProjector(ScheduledRequest request, ImageSpec image) {
        Optional<String> other = projectors.other(request, image);
        if (other.isEmpty()) {
            return false;
        }
        if (request.encoding.contains(image.featureKey())) {
            request.asked.add(image.featureKey()); // The decoder is told once the image is encoded.
            return true;
        }
        String vision = visionOf(request, image);
        if (usable(request.spec).stream().noneMatch(node -> node.id().equals(vision))) {
            return false;
        }
        context.actions.add(new ClusterAction.Resupply(
                request.id(), request.attempt, new ClusterAction.Source(image.featureKey(), vision, other.get())));
        return true;
    }

    /** The request starts to wait elsewhere, or has ended. */
    void left(ScheduledRequest request) {
        if (request.place == Place.ENCODING) {
            encoding--;
        }
    }

    /** The request has ended: nothing is done for it any more. */
    void leave(ScheduledRequest request) {
        queue.leave(request);
        misses.removeIf(miss -> miss.request() == request);
        for (ImageSpec image : request.spec.images()) {
            if (request.encoding.remove(image.featureKey())) {
                book.find(image).ifPresent(flight -> leave(flight, request));
            }
        }
    }

    private void leave(EncodeFlight flight, ScheduledRequest request) {
        flight.waiters().remove(request.id());
        if (!flight.waiters().isEmpty()) {
            return;
        }
        book.close(flight);
        if (grounded.remove(flight) || flight.node() == null) {
            return;
        }
        if (flight.inFlight()) {
            context.actions.add(new ClusterAction.DropImage(flight.batch(), flight.key()));
            FlyingBatch batch = batches.get(flight.batch());
            batch.pending().remove(flight.key());
            if (batch.pending().isEmpty()) {
                batches.remove(flight.batch());
                batcher.landed(context.now, flight.node());
            }
        } else {
            batcher.remove(flight);
        }
        release(flight);
    }

    private EncodeFlight take(long batchId, ContentDigest key) {
        FlyingBatch batch = batches.get(batchId);
        EncodeFlight flight = batch == null ? null : batch.pending().remove(key);
        context.late += flight == null ? 1 : 0;
        return flight;
    }

    private void release(EncodeFlight flight) {
        WorkerNode node = flight.node();
        node.release(flight.image().tiles(), 0);
        Set<EncodeFlight> there = assigned.get(node);
        there.remove(flight);
        if (there.isEmpty()) {
            assigned.remove(node);
        }
    }

    /** The vision node from which the image can be pulled. */
    String visionOf(ScheduledRequest request, ImageSpec image) {
        if (request.encoding.contains(image.featureKey())) {
            WorkerNode node = book.find(image).map(EncodeFlight::node).orElse(null);
            if (node != null) {
                request.visions.put(image.featureKey(), node.id());
            }
        }
        return request.visions.getOrDefault(image.featureKey(), "");
    }

    int queued() {
        return queue.size();
    }

    /** Tiles of the images of waiting requests that have to be encoded. */
    double queuedTiles() {
        return queue.cost();
    }

    int encoding() {
        return encoding;
    }

    int flights() {
        return book.size();
    }
}

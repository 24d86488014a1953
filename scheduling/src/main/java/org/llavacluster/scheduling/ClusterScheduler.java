package org.llavacluster.scheduling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.RequestOutcome.Refusal;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.queue.DeadlineAdmission;
import org.llavacluster.scheduling.retry.RequestQuarantine;
import org.llavacluster.scheduling.worker.DecoderRates;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;

/**
 * Decides what becomes of requests: a state machine without clock, thread or network. A request is in one of these
 * places, and leaves with exactly one {@link ClusterAction.End}:
 *
 * <pre>
 * waiting for vision     in the queue for vision nodes: it brings images that are not encoded yet
 * encoding               its images are on their way through vision nodes
 * waiting for a decoder  has no images, or all of them are encoded; or it lost its decoder and goes on elsewhere
 * generating             at a decoder
 * </pre>
 *
 * <p>Text and images. Images wait for vision nodes only among images; a request takes a place at a decoder only when
 * its images are there. So text never waits for an image that is being encoded. In front of the decoders text and
 * encoded requests stand in one fair order, by their time of arrival: so images are not starved by text either. Only
 * where decoders are half empty and no request waits does a request with images start early, to have its first rows
 * computed meanwhile.
 *
 * <p>Further choices of a request that runs go in where decoders have room, and give way where a queue is full.
 *
 * <p>Queues are bounded and fair ({@link org.llavacluster.scheduling.queue.TenantQueue}); a request that surely
 * cannot be done by its deadline is refused when it comes, or at the latest when its turn comes ({@link
 * DeadlineAdmission}). A request whose decoder is lost,
 * silent or draining goes before all that wait.
 */
public final class ClusterScheduler {

    private final ClusterLimits limits;
    private final SchedulerContext context;
    private final RequestQuarantine quarantine;
    private final ImageStage images;
    private final DecoderStage decoders;

    private final TreeSet<ScheduledRequest> byDeadline =
            new TreeSet<>(Comparator.comparingLong((ScheduledRequest request) -> request.spec.deadlineNanos())
                    .thenComparingLong(request -> request.ticket));
    private long submitted;
    private SchedulerLoad.Outcomes outcomes = SchedulerLoad.Outcomes.NONE;

    public ClusterScheduler(ClusterLimits limits) {
        this(limits, SchedulerParts.of(limits, _ -> 1));
    }

    public ClusterScheduler(ClusterLimits limits, SchedulerParts parts) {
        this.limits = limits;
        this.quarantine = parts.quarantine();
        this.context = new SchedulerContext(limits, parts, this::end);
        ProjectorChoice projectors = new ProjectorChoice(context);
        this.images = new ImageStage(context, parts, projectors, this::encoded);
        this.decoders = new DecoderStage(context, parts, images, projectors);
    }

    /** @param waitNanos call again after that time if nothing happens before; Long.MAX_VALUE for never */
    public record Decision(List<ClusterAction> actions, long waitNanos) {}

    /** @param nowNanos never less than at the last call */
    public Decision step(long nowNanos, List<ClusterEvent> events) {
        context.now = nowNanos;
        context.actions = new ArrayList<>();
        context.decodersChanged = false;
        boolean busy = !context.requests.isEmpty();
        events.forEach(this::apply);
        context.workers.check(nowNanos).forEach(silent -> lost(silent, false));
        expire();
        images.pump();
        decoders.pump();
        images.leave();
        if (busy && context.requests.isEmpty()) {
            context.workers.checkIdle();
        }
        return new Decision(context.actions, waitNanos());
    }

    private long waitNanos() {
        long next = Math.min(Math.min(images.dueNanos(), decoders.dueNanos()), context.workers.checkNanos(context.now));
        if (!byDeadline.isEmpty()) {
            next = Math.min(next, byDeadline.first().spec.deadlineNanos());
        }
        return next == Long.MAX_VALUE ? next : Math.max(0, next - context.now);
    }

    private void apply(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.Submitted(RequestSpec spec) -> submit(spec);
            case ClusterEvent.Cancelled(long id) -> {
                ScheduledRequest request = context.requests.get(id);
                if (request != null) {
                    end(request, new RequestOutcome.Cancelled());
                }
            }
            case ClusterEvent.WorkerReported(var report) -> {
                context.decodersChanged |= report.role() == WorkerRole.DECODER;
                context.workers.report(context.now, report).ifPresent(old -> lost(old, true));
            }
            case ClusterEvent.WorkerSilent(String worker, long epoch) ->
                context.workers.silent(context.now, worker, epoch).ifPresent(silent -> lost(silent, false));
            case ClusterEvent.WorkerLost(String worker, long epoch) ->
                context.workers.lost(context.now, worker, epoch).ifPresent(gone -> lost(gone, true));
            case ClusterEvent.ImageEncoded(long batch, ContentDigest key) -> images.encoded(batch, key);
            case ClusterEvent.ImageRefused(long batch, ContentDigest key) -> images.refused(batch, key);
            case ClusterEvent.BatchEnded(long batch, boolean failed) -> images.batchEnded(batch, failed);
            case ClusterEvent.Accepted(long id, int attempt, int cached) ->
                generating(id, attempt, request -> decoders.accepted(request, cached));
            case ClusterEvent.Produced(long id, int attempt, int tokens) ->
                generating(id, attempt, request -> decoders.produced(request, tokens));
            case ClusterEvent.ImageMissing(long id, int attempt, ContentDigest key, boolean unreachable) ->
                generating(id, attempt, request -> missing(request, key, unreachable));
            case ClusterEvent.Completed(long id, int attempt) -> generating(id, attempt, decoders::completed);
            case ClusterEvent.Broken(long id, int attempt, ClusterEvent.Cause cause) ->
                generating(id, attempt, request -> decoders.broken(request, cause));
        }
    }

    /** For events of a decoder's call: those of calls that were given up come late. */
    private void generating(long id, int attempt, Consumer<ScheduledRequest> event) {
        ScheduledRequest request = context.requests.get(id);
        if (request == null || request.decoder == null || request.attempt != attempt) {
            context.late++;
        } else {
            event.accept(request);
        }
    }

    private void missing(ScheduledRequest request, ContentDigest key, boolean unreachable) {
        ImageSpec image = request.spec.images().stream()
                .filter(one -> one.featureKey().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "request " + request.id() + " has no image that its decoder misses"));
        if (!unreachable || !images.changeProjector(request, image)) {
            images.missing(request, image);
        }
    }

    private void submit(RequestSpec spec) {
        submitted++;
        ScheduledRequest request = new ScheduledRequest(spec, submitted);
        if (context.requests.putIfAbsent(spec.id(), request) != null) {
            throw new IllegalArgumentException("request " + spec.id() + " is here already");
        }
        byDeadline.add(request);
        OptionalLong quarantined = quarantine.remainingNanos(context.now, spec.digest());
        if (quarantined.isPresent()) {
            end(request, new RequestOutcome.Refused(Refusal.QUARANTINED, quarantined.getAsLong()));
        } else if (!hopeful(spec)) {
            context.fail(request, Fault.NO_WORKER);
        } else if (spec.deadlineNanos() > context.now) {
            admit(request);
        }
    }

    /** Whether workers are there that could serve it. */
    private boolean hopeful(RequestSpec spec) {
        boolean decoder =
                context.workers.mainIdentity(context.now, WorkerRole.DECODER).isPresent()
                        || context.workers.hopeful(
                                context.now, WorkerRole.DECODER, spec.models().decoder());
        return decoder
                && (spec.images().isEmpty()
                        || context.workers.hopeful(
                                        context.now,
                                        WorkerRole.VISION,
                                        spec.models().vision())
                                && context.workers.hopeful(
                                        context.now,
                                        WorkerRole.PROJECTOR,
                                        spec.models().projector()));
    }

    private void admit(ScheduledRequest request) {
        RequestSpec spec = request.spec;
        int newTiles = images.newTiles(spec);
        DecoderRates rates = context.rates(request);
        double needed = decoders.waitNanos(spec.tenant())
                + (newTiles == 0
                        ? context.times.textOnly(context.now, spec.promptTokens(), spec.maxTokens(), rates)
                        : images.waitNanos(spec.tenant())
                                + context.times.withImages(context.now, spec.promptTokens(), spec.maxTokens(), rates));
        double late = needed - (spec.deadlineNanos() - context.now);
        if (late > 0 && context.busy()) {
            end(request, new RequestOutcome.Refused(Refusal.TOO_LATE, DeadlineAdmission.retryNanos(late)));
        } else if (spec.images().isEmpty()) {
            decoders.enter(request);
        } else {
            images.enter(request, newTiles);
        }
    }

    private void encoded(ScheduledRequest request) {
        if (request.encoding.isEmpty() && !request.imagesReady) {
            request.imagesReady = true;
            context.actions.add(new ClusterAction.ImagesReady(request.id()));
        }
        if (request.decoder != null) {
            decoders.imagesReady(request);
        } else if (request.encoding.isEmpty()) {
            decoders.enter(request);
        } else {
            decoders.enterEarly(request);
        }
    }

    /** A worker is gone, or was silent for too long: what it had goes elsewhere. */
    private void lost(WorkerNode worker, boolean gone) {
        boolean died = gone && !worker.draining();
        switch (worker.role()) {
            case VISION -> {
                images.lost(worker);
                decoders.waitingForEmbeddings().forEach(request -> images.encodeElsewhere(request, worker));
            }
            case DECODER -> decoders.lost(worker, died);
            case PROJECTOR ->
                decoders.waitingForEmbeddings().forEach(request -> images.projectElsewhere(request, worker));
        }
    }

    private void expire() {
        while (!byDeadline.isEmpty() && byDeadline.first().spec.deadlineNanos() <= context.now) {
            end(byDeadline.first(), new RequestOutcome.Expired());
        }
    }

    private void end(ScheduledRequest request, RequestOutcome outcome) {
        if (context.requests.remove(request.id()) == null) {
            throw new IllegalStateException("request " + request.id() + " has ended already");
        }
        byDeadline.remove(request);
        images.left(request);
        images.leave(request);
        decoders.leave(request);
        outcomes = outcomes.with(outcome);
        context.actions.add(new ClusterAction.End(request.id(), outcome));
    }

    public SchedulerLoad load() {
        return new SchedulerLoad(
                images.queued(),
                images.queuedTiles(),
                images.encoding(),
                decoders.queued(),
                decoders.generating(),
                decoders.furtherQueued(),
                images.flights(),
                submitted,
                outcomes,
                decoders.resumes(),
                context.repeated,
                context.late + context.workers.staleReports());
    }

    /** The bounds that it keeps. */
    public ClusterLimits limits() {
        return limits;
    }
}

package org.llavacluster.scheduling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.ScheduledRequest.Place;
import org.llavacluster.scheduling.decoder.DecoderChoice;
import org.llavacluster.scheduling.decoder.PrefixIndex;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.retry.RequestQuarantine;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;

/**
 * The half of the scheduler that has answers generated: the queue for decoders, the choice among them, and resuming.
 */
final class DecoderStage {

    /**
     * Requests in front of the queue among which one is looked for whose prompt is in the cache of a decoder with room.
     */
    private static final int LOOKAHEAD = 32;

    private final SchedulerContext context;
    private final StageQueue queue;
    private final RequestQuarantine quarantine;
    private final ImageStage images;
    private final DecoderChoice choice;
    private final PrefixIndex prefixes;
    private final ProjectorChoice projectors;

    private final Deque<ScheduledRequest> resuming = new ArrayDeque<>(); // go before all that wait
    private final Set<ScheduledRequest> parked = new LinkedHashSet<>(); // no worker of theirs is usable now
    private final Map<WorkerNode, Set<ScheduledRequest>> running = new HashMap<>();
    private final Map<ScheduledRequest, Long> settling = new LinkedHashMap<>(); // until when a death should be known
    private long parkedVersion;
    private long pausedNanos = Long.MAX_VALUE; // when the first request that waits may call a decoder again
    private int generating;
    private int furtherGenerating;
    private long resumes;

    DecoderStage(SchedulerContext context, SchedulerParts parts, ImageStage images, ProjectorChoice projectors) {
        this.context = context;
        this.queue = new StageQueue(context, parts.decoderQueue(), context.times.decoderStarts());
        this.quarantine = parts.quarantine();
        this.images = images;
        this.choice = parts.choice();
        this.projectors = projectors;
        this.prefixes = new PrefixIndex(context.limits.rememberedPrefixes());
    }

    /** All of the request's images are encoded, or it has none. */
    void enter(ScheduledRequest request) {
        images.left(request);
        request.place = Place.WAITING_FOR_DECODER;
        context.decodersChanged = true;
        if (request.produced >= request.spec.maxTokens()) {
            // Only the news that the answer is whole was lost.
            context.end(request, new RequestOutcome.Completed());
            return;
        }
        if (request.attempt > 0) {
            resuming.add(request);
            return;
        }
        RequestSpec spec = request.spec;
        queue.add(request, context.times.expectedTokens(context.now, spec.promptTokens(), spec.maxTokens()));
    }

    /**
     * Starts a request whose images are still being encoded, if a decoder has half of its places free and no request
     * waits: the rows before the first missing image are computed meanwhile.
     */
    void enterEarly(ScheduledRequest request) {
        if (!queue.isEmpty() || !resuming.isEmpty() || !mayRun(request)) {
            return;
        }
        choose(request)
                .filter(chosen -> chosen.decoder().allCalls() < chosen.decoder().slots() / 2)
                .ifPresent(chosen -> {
                    request.startedEarly = true;
                    start(request, chosen);
                });
    }

    double waitNanos(String tenant) {
        return queue.waitNanos(tenant);
    }

    /** Starts requests that waited, as far as decoders have room: first those that another decoder began. */
    void pump() {
        settle();
        unpark();
        if (context.now >= pausedNanos) {
            context.decodersChanged = true;
        }
        if (!context.decodersChanged) {
            return;
        }
        pausedNanos = Long.MAX_VALUE;
        boolean room = resume();
        while (room && !queue.isEmpty()) {
            room = startNext();
        }
        queue.noteWaiting();
    }

    /** Starts requests that another decoder began; false if one of them waits for room. */
    private boolean resume() {
        for (ScheduledRequest request : List.copyOf(resuming)) {
            if (!mayRun(request)) {
                return false;
            }
            if (!available(request)) {
                resuming.remove(request);
                parkOrFail(request);
                continue;
            }
            Optional<DecoderChoice.Chosen> chosen = choose(request);
            if (chosen.isPresent()) {
                resuming.remove(request);
                start(request, chosen.get());
            } else if (context.now >= request.pausedNanos) {
                return false;
            }
        }
        return true;
    }

    /** The first in the queue; while as many requests run as may, the first choice of one of these. */
    private Optional<ScheduledRequest> next() {
        return isPlaceLeft()
                ? Optional.of(queue.first(LOOKAHEAD, this::isCachedWhereThereIsRoom))
                : queue.firstFurther();
    }

    private boolean isPlaceLeft() {
        return generating - furtherGenerating < context.limits.maxRunning();
    }

    /** Whether so few run that it may, too. The choices of one request run beside each other. */
    private boolean mayRun(ScheduledRequest request) {
        return request.spec.further() || isPlaceLeft();
    }

    /** When {@link #pump} has something to do at the latest, if nothing happens before. */
    long dueNanos() {
        long due = pausedNanos;
        for (long settled : settling.values()) {
            due = Math.min(due, settled);
        }
        return due;
    }

    /** Deals with the first in the queue; false if it has to go on waiting. */
    private boolean startNext() {
        Optional<ScheduledRequest> next = next();
        if (next.isEmpty()) {
            return false;
        }
        ScheduledRequest request = next.get();
        double left = request.spec.deadlineNanos() - context.now;
        double needed = context.times.textOnly(
                context.now, request.spec.promptTokens(), request.spec.maxTokens(), context.rates(request));
        if (needed > left && context.busy()) {
            queue.refuseLate(request, needed - left);
            return true;
        }
        if (!available(request)) {
            if (decoders(request).isEmpty() && decodersHopeful(request)) {
                return false; // No other request could start either: the order stays.
            }
            queue.leave(request);
            parkOrFail(request);
            return true;
        }
        Optional<DecoderChoice.Chosen> chosen = choose(request);
        chosen.ifPresent(found -> {
            queue.start(request);
            start(request, found);
        });
        return chosen.isPresent();
    }

    /**
     * Whether a decoder with room should have most of the prompt: with a full queue such requests go first, else caches
     * thrash.
     */
    private boolean isCachedWhereThereIsRoom(ScheduledRequest request) {
        return request.spec.prefixes().digests().length > 0
                && choose(request)
                        .filter(chosen -> 2 * chosen.cachedTokens() >= request.spec.promptTokens())
                        .isPresent();
    }

    /**
     * Whether workers of all roles that it needs are usable. A request without tokens may go to decoders of other
     * numerics.
     */
    private boolean available(ScheduledRequest request) {
        if (request.produced == 0) {
            context.workers
                    .mainIdentity(context.now, WorkerRole.DECODER)
                    .ifPresent(identity -> request.decoderIdentity = identity);
        }
        return !decoders(request).isEmpty()
                && (request.spec.images().isEmpty()
                        || !projectors.usable(request).isEmpty());
    }

    private List<WorkerNode> decoders(ScheduledRequest request) {
        return context.workers.usable(context.now, WorkerRole.DECODER, request.decoderIdentity);
    }

    private boolean decodersHopeful(ScheduledRequest request) {
        return context.workers.hopeful(context.now, WorkerRole.DECODER, request.decoderIdentity);
    }

    /** None of its workers is usable: it waits for those that are only silent. */
    private void parkOrFail(ScheduledRequest request) {
        boolean decoders = decodersHopeful(request);
        if (decoders && (request.spec.images().isEmpty() || projectors.isHopeful(request))) {
            parked.add(request);
        } else if (!decoders
                && request.produced > 0
                && context.workers.mainIdentity(context.now, WorkerRole.DECODER).isPresent()) {
            context.fail(request, Fault.NUMERICS_GONE);
        } else {
            context.fail(request, Fault.NO_WORKER);
        }
    }

    private void unpark() {
        if (parkedVersion != context.workers.version()) {
            parkedVersion = context.workers.version();
            context.decodersChanged = true;
            List<ScheduledRequest> back = List.copyOf(parked);
            parked.clear();
            back.forEach(this::enter); // Those that never ran take their place in the fair order.
        }
    }

    private Optional<DecoderChoice.Chosen> choose(ScheduledRequest request) {
        if (!available(request)) {
            return Optional.empty();
        }
        DecoderChoice.Demand demand = new DecoderChoice.Demand(
                request.spec.promptTokens() + request.produced,
                kvTokens(request),
                request.spec.digest(),
                request.failedAt);
        return choice.choose(
                        demand,
                        decoders(request),
                        prefixes.match(request.spec.prefixes()),
                        context.times.holdNanos(context.now))
                .filter(chosen -> !isPaused(request, chosen.decoder()));
    }

    private boolean isPaused(ScheduledRequest request, WorkerNode decoder) {
        boolean paused = context.now < request.pausedNanos && request.failedAt.contains(decoder.id());
        if (paused) {
            pausedNanos = Math.min(pausedNanos, request.pausedNanos);
        }
        return paused;
    }

    private long kvTokens(ScheduledRequest request) {
        return (long) request.spec.promptTokens()
                + Math.min(request.spec.maxTokens(), request.produced + context.limits.reservedTokens());
    }

    private void start(ScheduledRequest request, DecoderChoice.Chosen chosen) {
        if (request.attempt == 0) {
            context.retries.attempted();
        } else if (request.produced > 0) {
            resumes++;
        }
        images.left(request);
        request.place = Place.GENERATING;
        request.decoder = chosen.decoder();
        request.attempt++;
        request.expectedCached = chosen.cachedTokens();
        // While images are missing the decoder computes the prompts of others.
        request.work = request.encoding.isEmpty() ? promptWork(request) : 0;
        request.kvTokens = kvTokens(request);
        request.streaming = false;
        request.accepted = false;
        request.generateNanos = context.now;
        request.decoder.take(request.work, request.kvTokens);
        running.computeIfAbsent(request.decoder, _ -> new LinkedHashSet<>()).add(request);
        generating++;
        furtherGenerating += request.spec.further() ? 1 : 0;
        List<ClusterAction.Source> sources = new ArrayList<>();
        for (ImageSpec image : request.spec.images()) {
            sources.add(new ClusterAction.Source(
                    image.featureKey(), images.visionOf(request, image), projectors.of(request, image)));
        }
        context.actions.add(new ClusterAction.Generate(
                request.id(),
                request.attempt,
                request.decoder.id(),
                request.decoder.epoch(),
                request.produced,
                sources));
    }

    private static long promptWork(ScheduledRequest request) {
        return Math.max(1, (long) request.spec.promptTokens() + request.produced - request.expectedCached);
    }

    /** The last image of a request that started early is encoded: now its prompt is work. */
    void imagesReady(ScheduledRequest request) {
        if (!request.streaming && request.work == 0) {
            request.work = promptWork(request);
            request.decoder.owe(request.work);
        }
    }

    /** Requests whose decoders may not have all embeddings yet. */
    List<ScheduledRequest> waitingForEmbeddings() {
        return running.values().stream()
                .flatMap(Set::stream)
                .filter(request -> !request.streaming && !request.spec.images().isEmpty())
                .toList();
    }

    void accepted(ScheduledRequest request, int cachedTokens) {
        request.decoder.health().succeeded();
        request.accepted = true;
        if (cachedTokens < request.expectedCached) {
            prefixes.correct(request.spec.prefixes(), request.decoder, cachedTokens);
        }
        long computed = Math.max(0, (long) request.spec.promptTokens() + request.produced - cachedTokens);
        if (!request.streaming && computed < request.work) {
            request.decoder.did(request.work - computed);
            context.decodersChanged = true;
            request.work = computed;
        }
    }

    void produced(ScheduledRequest request, int tokens) {
        request.produced += tokens;
        if (!request.streaming) {
            request.streaming = true;
            if (!request.startedEarly) {
                context.times.firstToken(context.now, context.now - request.generateNanos, request.spec.promptTokens());
            }
            request.decoder.did(request.work);
            context.decodersChanged = true;
            request.work = 0;
            prefixes.computed(request.spec.prefixes(), request.decoder);
        }
    }

    void completed(ScheduledRequest request) {
        context.times.answered(context.now, context.now - request.generateNanos, request.produced);
        release(request);
        context.end(request, new RequestOutcome.Completed());
    }

    /** The call to its decoder ended without the whole answer. */
    void broken(ScheduledRequest request, Cause cause) {
        WorkerNode decoder = request.decoder;
        release(request);
        switch (cause) {
            case REFUSED -> context.fail(request, Fault.REFUSED);
            case HANDED_OVER -> enter(request);
            case LOST -> {
                context.workers.failed(context.now, decoder);
                killed(request, decoder);
            }
            case FULL -> {
                decoder.full();
                brokenAt(request, decoder);
                if (request.produced == 0 && failedEverywhere(request)) {
                    context.fail(request, Fault.RETRIES_SPENT);
                } else {
                    retry(request);
                }
            }
            case TURNED_AWAY -> {
                brokenAt(request, decoder);
                goOn(request);
            }
            case FAILED -> {
                context.workers.failed(context.now, decoder);
                brokenAt(request, decoder);
                request.failures++;
                retry(request);
            }
        }
    }

    /** The next call of the request goes to another decoder, or to this one after a pause. */
    private void brokenAt(ScheduledRequest request, WorkerNode decoder) {
        request.failedAt.add(decoder.id());
        request.broken++;
        request.pausedNanos = context.now + CallPause.nanos(request.broken);
    }

    private boolean failedEverywhere(ScheduledRequest request) {
        return decoders(request).stream().allMatch(decoder -> request.failedAt.contains(decoder.id()));
    }

    private void retry(ScheduledRequest request) {
        if (isSpent(request) || !context.repeat()) {
            context.fail(request, Fault.RETRIES_SPENT);
        } else {
            enter(request);
        }
    }

    private boolean isSpent(ScheduledRequest request) {
        return request.failures >= context.limits.maxFailures() || request.broken >= context.limits.maxAttempts();
    }

    /** Its decoder died, or the connection to it broke: it goes on elsewhere, unless it may be what kills decoders. */
    private void killed(ScheduledRequest request, WorkerNode decoder) {
        brokenAt(request, decoder);
        forgive(request);
        if (request.accepted) {
            request.deaths.put(decoder, context.now);
        }
        if (request.deaths.size() < context.limits.maxLosses()) {
            goOn(request);
        } else {
            settling.put(request, context.now + context.limits.settleNanos());
            settle();
        }
    }

    /** Broken connections to workers that are still there were no deaths, and a long attempt clears those before. */
    private void forgive(ScheduledRequest request) {
        if (context.now - request.generateNanos >= context.limits.innocentNanos()) {
            request.deaths.clear();
        }
        request.deaths
                .entrySet()
                .removeIf(death -> context.now - death.getValue() >= context.limits.settleNanos()
                        && context.workers.holds(death.getKey()));
    }

    /** Decides about requests whose second decoder seems to have died, once that is known. */
    private void settle() {
        for (ScheduledRequest request : List.copyOf(settling.keySet())) {
            boolean known = request.deaths.keySet().stream().noneMatch(context.workers::holds);
            if (known || context.now >= settling.get(request)) {
                settling.remove(request);
                request.deaths.keySet().removeIf(context.workers::holds);
                if (request.deaths.size() >= context.limits.maxLosses()) {
                    quarantine.add(context.now, request.spec.digest());
                    context.fail(request, Fault.KILLED_WORKERS);
                } else {
                    goOn(request);
                }
            }
        }
    }

    private void goOn(ScheduledRequest request) {
        if (isSpent(request)) {
            context.fail(request, Fault.RETRIES_SPENT);
        } else {
            enter(request);
        }
    }

    /**
     * The decoder is gone, or does not answer.
     *
     * @param died its process ended while it had requests
     */
    void lost(WorkerNode decoder, boolean died) {
        for (ScheduledRequest request : List.copyOf(running.getOrDefault(decoder, Set.of()))) {
            context.actions.add(
                    new ClusterAction.Abandon(request.id(), request.attempt, context.workers.holds(decoder)));
            release(request);
            if (died) {
                killed(request, decoder);
            } else {
                enter(request);
            }
        }
    }

    private void release(ScheduledRequest request) {
        context.decodersChanged = true;
        request.decoder.release(request.work, request.kvTokens);
        Set<ScheduledRequest> there = running.get(request.decoder);
        there.remove(request);
        if (there.isEmpty()) {
            running.remove(request.decoder);
        }
        generating--;
        furtherGenerating -= request.spec.further() ? 1 : 0;
        request.decoder = null;
        request.place = Place.WAITING_FOR_DECODER;
    }

    /** The request has ended: nothing is done for it any more. */
    void leave(ScheduledRequest request) {
        queue.leave(request);
        resuming.remove(request);
        parked.remove(request);
        settling.remove(request);
        if (request.decoder != null) {
            context.actions.add(new ClusterAction.Abandon(request.id(), request.attempt, false));
            release(request);
        }
    }

    int queued() {
        return queue.size() + resuming.size() + parked.size() + settling.size();
    }

    /** Further choices of requests that run, among those. */
    int furtherQueued() {
        int further = queue.further();
        for (Collection<ScheduledRequest> others : List.of(resuming, parked, settling.keySet())) {
            for (ScheduledRequest request : others) {
                further += request.spec.further() ? 1 : 0;
            }
        }
        return further;
    }

    int generating() {
        return generating;
    }

    long resumes() {
        return resumes;
    }
}

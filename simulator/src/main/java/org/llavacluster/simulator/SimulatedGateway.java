package org.llavacluster.simulator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.SchedulerLoad;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.worker.DecoderCall;
import org.llavacluster.simulator.worker.EncodeRow;
import org.llavacluster.simulator.worker.GatewayLink;
import org.llavacluster.simulator.worker.SimulatedDecoder;
import org.llavacluster.simulator.worker.SimulatedVision;

/** The gateway's shell: tells the scheduler what happens, and does what it decides. */
final class SimulatedGateway implements GatewayLink {

    private static final int MOST_WAKES = 1_000;

    /** Longer than anything that a call was given up over is on its way. */
    private static final long LATE_NANOS = 100_000_000;

    private final VirtualTime time;
    private final DecisionMaker scheduler;
    private final UnaryOperator<List<EncodeRow>> rows;
    private final SimulatedCluster cluster;
    private final History history;

    private final Map<Long, Integer> openAttempts = new HashMap<>(); // by request
    private final Map<Long, Long> closedNanos = new HashMap<>(); // by request, of its newest attempt
    private final Map<ContentDigest, EncodeRow> files = new HashMap<>(); // by FeatureKey
    private final Map<ContentDigest, Integer> waiters = new HashMap<>(); // requests that have not ended, by FeatureKey
    private final Set<ContentDigest> encoded = new HashSet<>();
    private final Set<ContentDigest> failed = new HashSet<>(); // their last encode
    private final Map<Long, ClusterAction.Encode> batches = new HashMap<>();
    private int wakes; // at the same time
    private long wokenNanos = -1;
    private long wakeNanos = Long.MAX_VALUE;
    private int ended;
    private int stepLive; // requests that had not ended before this step
    private int stepLeft; // requests that may have left a queue in this step

    SimulatedGateway(
            VirtualTime time,
            DecisionMaker scheduler,
            UnaryOperator<List<EncodeRow>> rows,
            SimulatedCluster cluster,
            History history) {
        this.time = time;
        this.scheduler = scheduler;
        this.rows = rows;
        this.cluster = cluster;
        this.history = history;
    }

    /** A client sends a request. */
    void submit(ClientRequest request) {
        history.requests.put(request.spec.id(), request);
        for (int i = 0; i < request.spec.images().size(); i++) {
            ImageSpec image = request.spec.images().get(i);
            files.putIfAbsent(
                    image.featureKey(),
                    new EncodeRow(
                            image.featureKey(), request.content.images().get(i), image.tiles(), request.spec.tenant()));
            waiters.merge(image.featureKey(), 1, Integer::sum);
        }
        tell(new ClusterEvent.Submitted(request.spec));
        if (request.cancelNanos != Long.MAX_VALUE) {
            time.at(request.cancelNanos, () -> cancel(request));
        }
    }

    private void cancel(ClientRequest request) {
        if (!request.ended()) {
            tell(new ClusterEvent.Cancelled(request.spec.id()));
        }
    }

    @Override
    public void tokens(long id, int attempt, int firstIndex, List<Long> tokens) {
        ClientRequest request = history.requests.get(id);
        if (openAttempts.getOrDefault(id, -1) == attempt) {
            for (int i = 0; i < tokens.size(); i++) {
                history.tokensAfterEnd += request.ended() ? 1 : 0;
                request.receive(time.now(), firstIndex + i, tokens.get(i));
            }
        } else if (time.now() - closedNanos.getOrDefault(id, time.now()) > LATE_NANOS) {
            history.tokensForNobody += tokens.size();
        }
        tell(new ClusterEvent.Produced(id, attempt, tokens.size()));
    }

    @Override
    public void tell(ClusterEvent event) {
        note(event);
        step(List.of(event));
    }

    private void note(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.ImageEncoded(long _, ContentDigest key) -> {
                encoded.add(key);
                failed.remove(key);
            }
            case ClusterEvent.BatchEnded(long batch, boolean broke) -> {
                ClusterAction.Encode ended = batches.remove(batch);
                if (broke && ended != null) {
                    ended.images().forEach(image -> failed.add(image.featureKey()));
                }
            }
            case ClusterEvent.Accepted(long id, int attempt, int _) ->
                history.requests.get(id).attempts.get(attempt - 1).accepted = true;
            case ClusterEvent.Broken(long id, int attempt, ClusterEvent.Cause cause) -> {
                openAttempts.remove(id, attempt);
                ClientRequest request = history.requests.get(id);
                if (attempt <= request.attempts.size()) {
                    request.attempts.get(attempt - 1).broken = cause;
                }
            }
            default -> {
                // Says nothing that is kept here.
            }
        }
    }

    private void step(List<ClusterEvent> events) {
        if (history.thrown != null) {
            return;
        }
        ClusterScheduler.Decision decision;
        try {
            decision = scheduler.step(time.now(), events);
        } catch (RuntimeException e) {
            history.thrown = e;
            return;
        }
        stepLive = history.requests.size() - ended;
        stepLeft = (int) decision.actions().stream()
                .filter(action -> action instanceof ClusterAction.End || action instanceof ClusterAction.Generate)
                .count();
        for (ClusterAction action : decision.actions()) {
            perform(action);
        }
        long next = decision.waitNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : time.now() + decision.waitNanos();
        if (next < wakeNanos || wakeNanos <= time.now()) {
            wakeNanos = next;
            if (next != Long.MAX_VALUE) {
                time.at(next, () -> wake(next));
            }
        }
    }

    private void wake(long set) {
        if (wakeNanos == set) {
            wakeNanos = Long.MAX_VALUE;
            wakes = time.now() == wokenNanos ? wakes + 1 : 0;
            wokenNanos = time.now();
            if (wakes == MOST_WAKES) {
                history.thrown = new IllegalStateException(
                        "it asked " + wakes + " times to be called at once, and nothing happened");
            }
            step(List.of());
        }
    }

    private void perform(ClusterAction action) {
        switch (action) {
            case ClusterAction.Encode encode -> encode(encode);
            case ClusterAction.DropImage _ -> {
                // The node goes on with its other images; the last one ends the batch.
            }
            case ClusterAction.ImagesReady _ -> {
                // A client would get its first event.
            }
            case ClusterAction.DropBatch(long batch) -> {
                ClusterAction.Encode gone = batches.remove(batch);
                SimulatedVision vision = cluster.vision(gone.worker());
                vision.receive(gone.epoch(), () -> vision.drop(batch));
            }
            case ClusterAction.Generate generate -> generate(generate);
            case ClusterAction.Resupply(long id, int attempt, ClusterAction.Source source) -> {
                ClientRequest.Attempt current =
                        history.requests.get(id).attempts.get(attempt - 1);
                SimulatedDecoder decoder = cluster.decoder(current.decoder);
                decoder.receive(current.epoch, () -> decoder.resupply(id, attempt, source));
            }
            case ClusterAction.Abandon(long id, int attempt, boolean _) -> {
                if (openAttempts.remove(id, attempt)) {
                    closedNanos.put(id, time.now());
                }
                ClientRequest.Attempt current =
                        history.requests.get(id).attempts.get(attempt - 1);
                SimulatedDecoder decoder = cluster.decoder(current.decoder);
                decoder.receive(current.epoch, () -> decoder.abandon(id, attempt));
            }
            case ClusterAction.End(long id, RequestOutcome outcome) -> end(id, outcome);
        }
    }

    private void encode(ClusterAction.Encode encode) {
        batches.put(encode.batch(), encode);
        List<EncodeRow> sent = rows.apply(encode.images().stream()
                .map(image -> files.get(image.featureKey()))
                .toList());
        for (ImageSpec image : encode.images()) {
            if (failed.remove(image.featureKey())) {
                history.repeatedEncodes++;
            } else {
                history.firstEncodes++;
            }
            history.uselessCalls += waiters.getOrDefault(image.featureKey(), 0) == 0 ? 1 : 0;
        }
        SimulatedVision vision = cluster.vision(encode.worker());
        vision.receive(encode.epoch(), () -> vision.encode(encode.batch(), sent));
    }

    private void generate(ClusterAction.Generate generate) {
        ClientRequest request = history.requests.get(generate.id());
        boolean useless = request.ended() || request.spec.deadlineNanos() <= time.now();
        history.uselessCalls += useless ? 1 : 0;
        boolean whole = request.spec.images().stream().allMatch(image -> encoded.contains(image.featureKey()));
        request.attempts.add(new ClientRequest.Attempt(
                generate.decoder(), generate.epoch(), time.now(), generate.produced(), whole));
        openAttempts.put(generate.id(), generate.attempt());
        closedNanos.remove(generate.id());
        DecoderCall call = new DecoderCall(request.spec, request.content, generate.attempt(), generate.produced());
        SimulatedDecoder decoder = cluster.decoder(generate.decoder());
        decoder.receive(generate.epoch(), () -> decoder.generate(call, generate.sources()));
    }

    private void end(long id, RequestOutcome outcome) {
        ClientRequest request = history.requests.get(id);
        SchedulerLoad load = scheduler.load();
        int most = history.limits.maxWaiting() - stepLeft;
        ended++;
        request.ends.add(new ClientRequest.End(
                time.now(),
                outcome,
                request.received(),
                stepLive > 1,
                load.waitingForVision() >= most || load.waitingForDecoders() >= most));
        request.spec.images().forEach(image -> waiters.merge(image.featureKey(), -1, Integer::sum));
        if (outcome instanceof RequestOutcome.Failed) {
            // The encodes that it waited for are given up: those of later requests repeat nothing.
            request.spec.images().forEach(image -> failed.remove(image.featureKey()));
        }
        if (openAttempts.remove(id) != null) {
            closedNanos.put(id, time.now());
        }
    }

    SchedulerLoad load() {
        return scheduler.load();
    }
}

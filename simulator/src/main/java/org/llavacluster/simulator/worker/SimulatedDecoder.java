package org.llavacluster.simulator.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.VirtualTime;
import org.llavacluster.simulator.history.History;

/**
 * A decoder: computes prompts one after the other, less what its prefix cache has of them, and beside them streams
 * answers, the more slowly the more there are.
 */
public final class SimulatedDecoder extends SimulatedWorker {

    private static final long PULL_TIMEOUT_NANOS = 2_000_000_000;
    private static final int QUEUE = 8;

    private record CallKey(long id, int attempt) {}

    private final TensorSources sources;
    private final History history;
    private final Map<CallKey, DecoderCall> calls = new LinkedHashMap<>();
    private final Deque<DecoderCall> prompts = new ArrayDeque<>(); // ready to be computed
    private final Map<Long, String> prefixes = new LinkedHashMap<>(16, 0.75f, true); // digest -> tenant
    private DecoderCall prefilling; // null when idle
    private int admitted;
    private long kv;
    private int streams;
    private long queuedRows;
    private Runnable death = () -> {};

    public SimulatedDecoder(
            String id,
            VirtualTime time,
            WorkerSpeed model,
            GatewayLink gateway,
            TensorSources sources,
            History history) {
        super(id, WorkerRole.DECODER, time, model, gateway);
        this.sources = sources;
        this.history = history;
    }

    /** What happens when a request kills it. */
    public void onDeath(Runnable action) {
        death = action;
    }

    public void generate(DecoderCall call, List<ClusterAction.Source> given) {
        if (failing() || draining()) {
            broken(call, failing() ? Cause.FAILED : Cause.HANDED_OVER);
        } else if (calls.size() >= model.slots() + QUEUE) {
            broken(call, Cause.FULL);
        } else {
            calls.put(key(call), call);
            queuedRows += rows(call);
            given.forEach(source -> fetch(call, source));
            admit();
        }
    }

    private static CallKey key(DecoderCall call) {
        return new CallKey(call.spec.id(), call.attempt);
    }

    private static long rows(DecoderCall call) {
        return (long) call.spec.promptTokens() + call.produced;
    }

    private void broken(DecoderCall call, Cause cause) {
        send(() -> gateway.tell(new ClusterEvent.Broken(call.spec.id(), call.attempt, cause)));
    }

    /** The gateway sends another source of an image. */
    public void resupply(long id, int attempt, ClusterAction.Source source) {
        DecoderCall call = calls.get(new CallKey(id, attempt));
        if (call != null && !call.images.containsKey(source.featureKey())) {
            fetch(call, source);
        }
    }

    private void fetch(DecoderCall call, ClusterAction.Source source) {
        ContentDigest key = source.featureKey();
        int fetch = call.fetches.merge(key, 1, Integer::sum);
        int rows = call.spec.images().stream()
                .filter(image -> image.featureKey().equals(key))
                .mapToInt(ImageSpec::rows)
                .sum();
        SimulatedProjector projector = sources.projector(source.projector());
        SimulatedVision vision = sources.vision(source.vision());
        compute(model.linkNanos(), () -> {
            if (projector == null) {
                fetched(call, key, fetch, Optional.empty());
            } else {
                projector.pull(key, rows, vision, tensor -> fetched(call, key, fetch, tensor));
            }
        });
        compute(PULL_TIMEOUT_NANOS, () -> fetched(call, key, fetch, Optional.empty()));
    }

    private void fetched(DecoderCall call, ContentDigest key, int fetch, Optional<KeptTensors.Tensor> tensor) {
        boolean open = up() && calls.get(key(call)) == call;
        if (!open || call.images.containsKey(key) || call.fetches.get(key) != fetch) {
            return;
        }
        if (tensor.isEmpty()) {
            call.fetches.merge(key, 1, Integer::sum); // what comes of this fetch later is of no use
            send(() -> gateway.tell(new ClusterEvent.ImageMissing(call.spec.id(), call.attempt, key, false)));
            return;
        }
        if (!tensor.get().tenant().equals(call.spec.tenant())) {
            history.sharedAcrossTenants++;
        }
        call.images.put(key, tensor.get().content());
        ready(call);
    }

    private void admit() {
        for (DecoderCall call : List.copyOf(calls.values())) {
            boolean fits = admitted == 0 || admitted < model.slots() && kv + call.kvTokens() <= model.kvTokens();
            if (!call.admitted && !fits) {
                break;
            }
            if (!call.admitted) {
                call.admitted = true;
                admitted++;
                kv += call.kvTokens();
                int cached = cachedTokens(call);
                call.cached = cached;
                send(() -> gateway.tell(new ClusterEvent.Accepted(call.spec.id(), call.attempt, cached)));
                ready(call);
            }
        }
    }

    private int cachedTokens(DecoderCall call) {
        PromptPrefixes prompt = call.spec.prefixes();
        int blocks = 0;
        for (long digest : prompt.digests()) {
            String owner = prefixes.get(digest);
            if (owner == null) {
                break;
            }
            if (!owner.equals(call.spec.tenant())) {
                history.sharedAcrossTenants++;
            }
            blocks++;
        }
        return Math.min(blocks * prompt.blockTokens(), call.spec.promptTokens() - 1);
    }

    private void ready(DecoderCall call) {
        if (call.admitted && call.hasImages() && !call.prefilling) {
            call.prefilling = true;
            prompts.add(call);
            prefill();
        }
    }

    private void prefill() {
        if (prefilling != null || prompts.isEmpty()) {
            return;
        }
        DecoderCall call = prompts.poll();
        prefilling = call;
        call.cached = Math.max(call.cached, cachedTokens(call));
        compute((rows(call) - call.cached) / model.prefillPerSecond() * 1e9, () -> {
            prefilling = prefilling == call ? null : prefilling;
            if (calls.get(key(call)) == call) {
                prefilled(call);
            }
            prefill();
        });
    }

    private void prefilled(DecoderCall call) {
        queuedRows -= rows(call);
        if (call.content.poison()) {
            death.run();
            return;
        }
        for (long digest : call.spec.prefixes().digests()) {
            prefixes.put(digest, call.spec.tenant());
        }
        int most = Math.max(1, model.kvTokens() / call.spec.prefixes().blockTokens());
        while (prefixes.size() > most) {
            prefixes.remove(prefixes.keySet().iterator().next());
        }
        call.streaming = true;
        streams++;
        emit(call, 1);
    }

    private void emit(DecoderCall call, int tokens) {
        if (calls.get(key(call)) != call) {
            return;
        }
        int first = call.produced;
        List<Long> made = new ArrayList<>();
        for (int i = 0; i < tokens && call.produced < call.whole(); i++) {
            made.add(call.nextToken());
            call.produced++;
        }
        if (!made.isEmpty()) {
            send(() -> gateway.tokens(call.spec.id(), call.attempt, first, made));
        }
        if (call.produced >= call.whole()) {
            remove(call);
            send(() -> gateway.tell(new ClusterEvent.Completed(call.spec.id(), call.attempt)));
            return;
        }
        int next = Math.min(model.tokensPerMessage(), call.whole() - call.produced);
        compute(next * Math.max(pace(), call.content.readNanos()), () -> emit(call, next));
    }

    /** Time from one token of an answer to the next, while its client reads. */
    private double pace() {
        return model.tokenNanos() * (1 + model.streamShare() * Math.max(0, streams - 1));
    }

    /** The gateway ends a call. */
    public void abandon(long id, int attempt) {
        DecoderCall call = calls.get(new CallKey(id, attempt));
        if (call != null) {
            remove(call);
        }
    }

    private void remove(DecoderCall call) {
        calls.remove(key(call));
        prompts.remove(call);
        if (call.streaming) {
            streams--;
        } else {
            queuedRows -= rows(call);
        }
        if (call.admitted) {
            admitted--;
            kv -= call.kvTokens();
        }
        admit();
    }

    @Override
    public void drain() {
        super.drain();
        for (DecoderCall call : List.copyOf(calls.values())) {
            broken(call, Cause.HANDED_OVER);
        }
        clearCalls();
    }

    public void evict() {
        prefixes.clear();
    }

    @Override
    protected WorkerReport state() {
        return new WorkerReport(
                id(),
                role(),
                epoch(),
                identity(),
                draining(),
                model.slots(),
                admitted,
                calls.size() - admitted,
                Math.max(0, queuedRows),
                model.prefillPerSecond() / slowness(),
                1e9 / (pace() * slowness()),
                model.kvTokens());
    }

    @Override
    protected void clear() {
        clearCalls();
        prefixes.clear();
    }

    private void clearCalls() {
        calls.clear();
        prompts.clear();
        prefilling = null;
        admitted = 0;
        kv = 0;
        streams = 0;
        queuedRows = 0;
    }

    @Override
    public int held() {
        return calls.size();
    }
}

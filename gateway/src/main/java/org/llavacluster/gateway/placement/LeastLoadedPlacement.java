package org.llavacluster.gateway.placement;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.membership.WorkerEpoch;

/**
 * Chooses vision and projector nodes by the image's key, so that a node that has its tensors is chosen again, and the
 * decoder with the fewest requests. Batches, queues and caches of decoders are not considered, because the decoder's
 * scheduler handles them.
 */
public final class LeastLoadedPlacement implements Placement {

    private final ClusterView view;
    private final Supplier<Serving> serving;
    private final TensorKeys keys;

    /** Requests of this gateway at each decoder by its id; no entry for none. */
    private final Map<String, Integer> leases = new HashMap<>();

    /** @param serving the workers of the view that may serve together */
    public LeastLoadedPlacement(ClusterView view, Supplier<Serving> serving, TensorKeys keys) {
        this.view = view;
        this.serving = serving;
        this.keys = keys;
    }

    @Override
    public ImageRoute route(StoredImage image, Set<WorkerEpoch> lost) {
        Serving.Ready ready = ready();
        ByteString featureKey = keys.featureKey(image.id(), ready.vision());
        ByteString embeddingKey = keys.embeddingKey(featureKey, ready.projector());
        return new ImageRoute(
                image,
                featureKey,
                embeddingKey,
                ready.vision().getRevision(),
                ready.projector().getRevision(),
                first(featureKey, ready.visions(), lost),
                first(embeddingKey, ready.projectors(), lost));
    }

    private static Worker first(ByteString key, List<Worker> workers, Set<WorkerEpoch> lost) {
        List<Worker> ordered = Rendezvous.order(key, workers, Worker::id);
        return ordered.stream()
                .filter(worker -> !lost.contains(worker.epoch()))
                .findFirst()
                .orElseGet(ordered::getFirst);
    }

    @Override
    public synchronized DecoderLease decoder() {
        return lease(leastLoaded(decoders(), Set.of()).orElseThrow());
    }

    @Override
    public synchronized Optional<DecoderLease> decoder(Optional<String> numericsId, Set<WorkerEpoch> lost) {
        List<Worker> candidates = numericsId.map(this::decodersOf).orElseGet(this::decodersNow);
        return leastLoaded(candidates, lost).map(this::lease);
    }

    /**
     * Any, whether or not new requests go there: one that produces the same bits carries on what another of its kind
     * began.
     */
    private List<Worker> decodersOf(String numericsId) {
        return view.workers(MemberRole.DECODER).stream()
                .filter(worker -> worker.description().getNumericsId().equals(numericsId))
                .toList();
    }

    private List<Worker> decodersNow() {
        return switch (serving.get()) {
            case Serving.Ready ready -> ready.decoders();
            case Serving.TextOnly textOnly -> textOnly.decoders();
            case Serving.NotReady _ -> List.of();
        };
    }

    private Optional<Worker> leastLoaded(List<Worker> workers, Set<WorkerEpoch> lost) {
        return workers.stream()
                .min(Comparator.comparing((Worker worker) -> lost.contains(worker.epoch()))
                        .thenComparingInt(this::load)
                        .thenComparing(Worker::id));
    }

    @Override
    public boolean present(WorkerEpoch worker) {
        return view.present(worker);
    }

    @Override
    public Subscription onPresence(Runnable listener) {
        return view.onPresence(listener);
    }

    @Override
    public void failed(WorkerEpoch worker) {
        view.failed(worker);
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return view.onChange(listener);
    }

    private synchronized DecoderLease lease(Worker decoder) {
        leases.merge(decoder.id(), 1, Integer::sum);
        return new Lease(decoder);
    }

    /** The requests from this gateway, or the decoder's own figure if that is larger because of other gateways. */
    private int load(Worker decoder) {
        int told = decoder.state().getRunning() + decoder.state().getWaiting();
        return Math.max(told, leases.getOrDefault(decoder.id(), 0));
    }

    private synchronized void end(String decoder) {
        leases.merge(decoder, -1, (held, one) -> held == 1 ? null : held + one);
    }

    /** The workers for a request with images. */
    private Serving.Ready ready() {
        return switch (serving.get()) {
            case Serving.Ready ready -> ready;
            case Serving.TextOnly(List<Worker> _, String reason) ->
                throw unavailable("images cannot be answered now: " + reason);
            case Serving.NotReady(String reason) -> throw unavailable(reason);
        };
    }

    private List<Worker> decoders() {
        return switch (serving.get()) {
            case Serving.Ready ready -> ready.decoders();
            case Serving.TextOnly textOnly -> textOnly.decoders();
            case Serving.NotReady(String reason) -> throw unavailable(reason);
        };
    }

    private static FailureException unavailable(String reason) {
        return new FailureException(new Failure.Unavailable(reason));
    }

    private final class Lease implements DecoderLease {

        private final Worker worker;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Member member() {
            return worker.member();
        }

        @Override
        public WorkerEpoch epoch() {
            return worker.epoch();
        }

        @Override
        public String numericsId() {
            return worker.description().getNumericsId();
        }

        @Override
        public DecoderLease again() {
            return lease(worker);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                end(worker.id());
            }
        }
    }
}

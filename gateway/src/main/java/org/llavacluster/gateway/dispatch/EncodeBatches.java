package org.llavacluster.gateway.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.metrics.AbandonedWork;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.time.Clock;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * The calls to vision nodes, and the images of the requests that may need one. Used by the dispatcher's thread of the
 * moment; what becomes of images goes back to the scheduler as events.
 */
final class EncodeBatches {

    /** Images that cannot be read, of which the reasons are remembered for the requests that wait for them. */
    private static final int REMEMBERED = 1_024;

    private static final class Held {
        final DispatchedImage image;
        int requests;

        Held(DispatchedImage image) {
            this.image = image;
        }
    }

    private static final class Batch {
        final Set<ContentDigest> wanted = new HashSet<>();

        /** When images were dropped that the call still has encoded, beside others. */
        final Map<ContentDigest, Long> droppedNanos = new HashMap<>();

        EncodeBatchCall call;
    }

    private final WorkerChannels channels;
    private final Duration time;
    private final Consumer<ClusterEvent> scheduler;
    private final AbandonedWork abandoned;
    private final Clock clock;

    private final Map<ContentDigest, Held> images = new HashMap<>();
    private final Map<Long, Batch> batches = new HashMap<>();

    /** Oldest first; guarded by itself. */
    private final Map<ContentDigest, String> refusals = new LinkedHashMap<>();

    /**
     * @param time limit of a call: at least the longest deadline of a request
     * @param abandoned has {@link Stage#ENCODE}
     */
    EncodeBatches(
            WorkerChannels channels,
            Duration time,
            Consumer<ClusterEvent> scheduler,
            AbandonedWork abandoned,
            Clock clock) {
        this.channels = channels;
        this.time = time;
        this.scheduler = scheduler;
        this.abandoned = abandoned;
        this.clock = clock;
    }

    /** A request with these images begins. */
    void hold(List<DispatchedImage> needed) {
        for (DispatchedImage image : needed) {
            images.computeIfAbsent(image.spec().featureKey(), _ -> new Held(image)).requests++;
        }
    }

    /** It has ended. */
    void release(List<DispatchedImage> needed) {
        for (DispatchedImage image : needed) {
            images.computeIfPresent(image.spec().featureKey(), (_, held) -> --held.requests == 0 ? null : held);
        }
    }

    /** Why that image cannot be read. */
    String refusal(ContentDigest featureKey) {
        synchronized (refusals) {
            return refusals.getOrDefault(featureKey, "the image cannot be decoded");
        }
    }

    /** @param node empty if it is no member any more */
    void start(ClusterAction.Encode encode, Optional<Member> node) {
        Batch batch = new Batch();
        encode.images().stream().map(ImageSpec::featureKey).forEach(batch.wanted::add);
        List<DispatchedImage> sent = encode.images().stream()
                .map(image -> images.get(image.featureKey()).image)
                .toList();
        batches.put(encode.batch(), batch);
        try {
            batch.call = EncodeBatchCall.start(
                    channels.to(node.orElseThrow(EncodeBatches::gone)), sent, time, listener(encode.batch()));
        } catch (FailureException e) {
            batches.remove(encode.batch());
            scheduler.accept(new ClusterEvent.BatchEnded(encode.batch(), true));
        }
    }

    private static FailureException gone() {
        return new FailureException(new Failure.Unavailable("the vision node is no member any more"));
    }

    private EncodeBatchCall.Listener listener(long batch) {
        return new EncodeBatchCall.Listener() {
            @Override
            public void encoded(DispatchedImage image) {
                scheduler.accept(
                        new ClusterEvent.ImageEncoded(batch, image.spec().featureKey()));
            }

            @Override
            public void refused(DispatchedImage image, String reason) {
                remember(image.spec().featureKey(), reason);
                scheduler.accept(
                        new ClusterEvent.ImageRefused(batch, image.spec().featureKey()));
            }

            @Override
            public void ended(boolean failed) {
                scheduler.accept(new ClusterEvent.BatchEnded(batch, failed));
            }
        };
    }

    private void remember(ContentDigest featureKey, String reason) {
        synchronized (refusals) {
            refusals.put(featureKey, reason);
            if (refusals.size() > REMEMBERED) {
                refusals.remove(refusals.keySet().iterator().next());
            }
        }
    }

    /** The batch has ended, so it is not to be cancelled any more. */
    void ended(long batch) {
        count(batches.remove(batch));
    }

    /** The batch's node is done with that image. */
    void done(long batch, ContentDigest featureKey) {
        Batch of = batches.get(batch);
        Long since = of == null ? null : of.droppedNanos.remove(featureKey);
        if (since != null) {
            abandoned.spent(Stage.ENCODE, clock.nanoTime() - since);
        }
    }

    private void count(Batch over) {
        if (over != null) {
            long now = clock.nanoTime();
            over.droppedNanos.values().forEach(since -> abandoned.spent(Stage.ENCODE, now - since));
        }
    }

    void drop(long batch) {
        Batch dropped = batches.remove(batch);
        count(dropped);
        if (dropped != null) {
            dropped.call.cancel();
        }
    }

    /** Nobody waits for that image of the batch any more. */
    void drop(long batch, ContentDigest featureKey) {
        Batch partly = batches.get(batch);
        if (partly != null && partly.wanted.remove(featureKey)) {
            if (partly.wanted.isEmpty()) {
                drop(batch);
            } else {
                partly.droppedNanos.put(featureKey, clock.nanoTime());
            }
        }
    }

    void close() {
        List.copyOf(batches.keySet()).forEach(this::drop);
    }
}

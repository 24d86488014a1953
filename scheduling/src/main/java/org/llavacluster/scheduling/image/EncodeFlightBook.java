package org.llavacluster.scheduling.image;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;

/**
 * Which images are being encoded, and where features should still be from earlier encodes. There is one flight for each
 * FeatureKey, however many requests wait for it. What the book remembers of earlier encodes is a guess: a node may have
 * evicted the features, and reports that when they are pulled.
 */
public final class EncodeFlightBook {

    private record Holder(WorkerNode node, long epoch) {}

    private final int remembered;
    private final Map<ContentDigest, EncodeFlight> flights = new HashMap<>();

    /** Least recently used first. */
    private final Map<ContentDigest, Holder> holders = new LinkedHashMap<>(16, 0.75f, true);

    /** @param remembered features whose place is remembered */
    public EncodeFlightBook(int remembered) {
        if (remembered < 1) {
            throw new IllegalArgumentException("remembering " + remembered + " features");
        }
        this.remembered = remembered;
    }

    public Optional<EncodeFlight> find(ImageSpec image) {
        return Optional.ofNullable(flights.get(image.featureKey()));
    }

    /** A flight that has no node yet. */
    public EncodeFlight open(ImageSpec image, String identity) {
        EncodeFlight flight = new EncodeFlight(image, identity);
        if (flights.putIfAbsent(image.featureKey(), flight) != null) {
            throw new IllegalStateException("the image is being encoded already");
        }
        return flight;
    }

    /** The flight ended, well or not. */
    public void close(EncodeFlight flight) {
        flights.remove(flight.key(), flight);
    }

    /** The node has the features. */
    public void hold(ContentDigest featureKey, WorkerNode node) {
        holders.put(featureKey, new Holder(node, node.epoch()));
        if (holders.size() > remembered) {
            holders.remove(holders.keySet().iterator().next());
        }
    }

    /** The features were not to be had. */
    public void forget(ContentDigest featureKey) {
        holders.remove(featureKey);
    }

    /**
     * Where the features should be.
     *
     * @param usable nodes that may be asked
     */
    public Optional<WorkerNode> holder(ContentDigest featureKey, List<WorkerNode> usable) {
        Holder holder = holders.get(featureKey);
        if (holder == null || holder.node().epoch() != holder.epoch() || !usable.contains(holder.node())) {
            return Optional.empty();
        }
        return Optional.of(holder.node());
    }

    /** Images being encoded, or waiting for their batch. */
    public int size() {
        return flights.size();
    }
}

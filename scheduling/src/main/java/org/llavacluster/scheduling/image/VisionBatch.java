package org.llavacluster.scheduling.image;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.scheduling.worker.WorkerNode;

/** Images that leave for one node in one call. */
public final class VisionBatch {

    private final WorkerNode node;
    private final List<EncodeFlight> flights = new ArrayList<>();
    private long leaveNanos = Long.MAX_VALUE;
    private int tiles;

    VisionBatch(WorkerNode node) {
        this.node = node;
    }

    void add(EncodeFlight flight, long latestNanos) {
        flights.add(flight);
        tiles += flight.image().tiles();
        leaveNanos = Math.min(leaveNanos, latestNanos);
    }

    boolean remove(EncodeFlight flight) {
        boolean removed = flights.remove(flight);
        tiles -= removed ? flight.image().tiles() : 0;
        return removed;
    }

    public WorkerNode node() {
        return node;
    }

    public List<EncodeFlight> flights() {
        return flights;
    }

    int tiles() {
        return tiles;
    }

    /** When the slack of one of its images is used up. */
    long leaveNanos() {
        return leaveNanos;
    }
}

package org.llavacluster.scheduling.image;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;

/** One image on its way to being encoded, shared by all requests that wait for it. */
public final class EncodeFlight {

    /** Of a flight that waits for its batch to leave. */
    private static final long NO_BATCH = -1;

    private final ImageSpec image;
    private final String identity;
    private final Set<Long> waiters = new LinkedHashSet<>();
    private final Set<String> failedAt = new HashSet<>();

    private WorkerNode node;
    private long batch = NO_BATCH;
    private int attempts;
    private long assignedNanos;
    private long pausedNanos = Long.MIN_VALUE;

    EncodeFlight(ImageSpec image, String identity) {
        this.image = image;
        this.identity = identity;
    }

    public ImageSpec image() {
        return image;
    }

    /** Of the vision nodes that may encode it. */
    public String identity() {
        return identity;
    }

    public ContentDigest key() {
        return image.featureKey();
    }

    /** Requests, the first one first. */
    public Set<Long> waiters() {
        return waiters;
    }

    /** Ids of nodes that failed this image. */
    public Set<String> failedAt() {
        return failedAt;
    }

    /** Goes to that node, with the next batch. */
    public void assign(long nowNanos, WorkerNode chosen) {
        node = chosen;
        assignedNanos = nowNanos;
        batch = NO_BATCH;
        attempts++;
    }

    public long assignedNanos() {
        return assignedNanos;
    }

    /** Null while it waits for one. */
    public WorkerNode node() {
        return node;
    }

    /** Before that time it does not go to a node again that failed it. */
    public void pause(long untilNanos) {
        pausedNanos = untilNanos;
    }

    public long pausedNanos() {
        return pausedNanos;
    }

    /** Its node is gone. */
    public void unassign() {
        node = null;
        batch = NO_BATCH;
    }

    void leave(long batchId) {
        batch = batchId;
    }

    public boolean inFlight() {
        return batch != NO_BATCH;
    }

    public long batch() {
        return batch;
    }

    /** Nodes that it was given to. */
    public int attempts() {
        return attempts;
    }
}

package org.llavacluster.gateway.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * A request at the scheduler, seen from the request's own thread: what it has to do next, and what it reports. Closing
 * it before its end cancels it, if it has not completed.
 */
public final class DispatchedRequest implements AutoCloseable {

    private final long id;
    private final List<DispatchedImage> images;
    private final Dispatcher dispatcher;
    private final Runnable wake;

    private final Deque<ClusterAction> actions = new ArrayDeque<>();
    private Failure failure;

    /** Whether its end has come, or it was closed. Used by the request's thread. */
    private boolean over;

    DispatchedRequest(long id, List<DispatchedImage> images, Dispatcher dispatcher, Runnable wake) {
        this.id = id;
        this.images = List.copyOf(images);
        this.dispatcher = dispatcher;
        this.wake = wake;
    }

    long id() {
        return id;
    }

    List<DispatchedImage> images() {
        return images;
    }

    void add(ClusterAction action) {
        synchronized (this) {
            actions.add(action);
        }
        wake.run();
    }

    /** The scheduler broke. */
    void fail(Failure incident) {
        synchronized (this) {
            failure = incident;
        }
        wake.run();
    }

    /** Whether {@link #next} has something. */
    public synchronized boolean hasNext() {
        return failure != null || !actions.isEmpty();
    }

    /**
     * The next thing to do; null if there is none.
     *
     * @throws FailureException if the scheduler broke
     */
    public synchronized ClusterAction next() {
        if (failure != null) {
            throw new FailureException(failure);
        }
        ClusterAction next = actions.poll();
        over |= next instanceof ClusterAction.End;
        return next;
    }

    public void accepted(int attempt, int cachedTokens) {
        dispatcher.tell(new ClusterEvent.Accepted(id, attempt, cachedTokens));
    }

    /** So many tokens more came. */
    public void produced(int attempt, int tokens) {
        dispatcher.tell(new ClusterEvent.Produced(id, attempt, tokens));
    }

    public void missing(int attempt, ContentDigest featureKey, boolean unreachable) {
        dispatcher.tell(new ClusterEvent.ImageMissing(id, attempt, featureKey, unreachable));
    }

    public void broken(int attempt, ClusterEvent.Cause cause) {
        dispatcher.tell(new ClusterEvent.Broken(id, attempt, cause));
    }

    /** The whole answer is there. */
    public void completed(int attempt) {
        dispatcher.tell(new ClusterEvent.Completed(id, attempt));
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            dispatcher.tell(new ClusterEvent.Cancelled(id));
        }
    }
}

package org.llavacluster.gateway.scaling;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.llavacluster.gateway.pipeline.RequestScope;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.node.config.ScalingProperties;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Requests that wait for a role without a worker, bounded, each until its deadline. All that such a request needs is
 * counted while it waits, so that the autoscaler wakes every role that it needs at once.
 */
public final class RequestParking {

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Supplier<Serving> serving;
    private final int most;
    private final Map<RequestScope, Double> parked = new HashMap<>(); // tiles by request

    /** @param most requests that wait at the same time; 0 for none */
    public RequestParking(Supplier<Serving> serving, int most) {
        this.serving = serving;
        this.most = most;
    }

    /** Whether requests may wait: then the gateway is ready without any worker. */
    public boolean enabled() {
        return most > 0;
    }

    /**
     * Waits until the roles that the request needs are there. Returns at once if they are, or if none may wait.
     *
     * @param tiles of its images; 0 for a request without images
     * @throws FailureException {@link Failure.Overloaded} if too many wait, or why the request ended meanwhile
     */
    public void await(RequestScope scope, double tiles) {
        if (!enabled() || canServe(tiles)) {
            return;
        }
        enter(scope, tiles);
        try {
            scope.await(() -> canServe(tiles));
        } finally {
            leave(scope);
        }
    }

    private boolean canServe(double tiles) {
        return switch (serving.get()) {
            case Serving.Ready _ -> true;
            case Serving.TextOnly _ -> tiles == 0;
            case Serving.NotReady _ -> false;
        };
    }

    private synchronized void enter(RequestScope scope, double tiles) {
        if (parked.size() >= most) {
            throw new FailureException(new Failure.Overloaded(
                    most + " requests wait for a role without a worker, the most by " + ScalingProperties.MAX_PARKED,
                    RETRY));
        }
        parked.put(scope, tiles);
    }

    private synchronized void leave(RequestScope scope) {
        parked.remove(scope);
    }

    /** Workers came or went. On any thread. */
    public synchronized void workersChanged() {
        parked.keySet().forEach(RequestScope::wake);
    }

    /** Number of requests that wait here. */
    public synchronized int size() {
        return parked.size();
    }

    public synchronized QueuedWork work() {
        double tiles = parked.values().stream().mapToDouble(Double::doubleValue).sum();
        return new QueuedWork(tiles, parked.size());
    }
}

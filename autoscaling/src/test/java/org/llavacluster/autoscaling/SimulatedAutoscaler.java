package org.llavacluster.autoscaling;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The arithmetic of Kubernetes' horizontal pod autoscaler with one metric of type AverageValue and a target of 1, with
 * its defaults: tolerance 10 %, a sync every 15 s, up by 4 pods or to the double, down after the highest wish of 300 s.
 */
final class SimulatedAutoscaler {

    static final int SYNC_SECONDS = 15;

    private static final double TOLERANCE = 0.1;
    private static final int DOWN_WINDOW_SECONDS = 300;
    private static final int UP_PODS = 4;

    private record Wish(int second, int replicas) {}

    private final int min;
    private final int max;
    private final Deque<Wish> wishes = new ArrayDeque<>();

    SimulatedAutoscaler(int min, int max) {
        this.min = min;
        this.max = max;
    }

    /** The number of replicas after a sync. */
    int sync(int second, int replicas, double metric) {
        boolean tolerated = Math.abs(metric / replicas - 1) <= TOLERANCE;
        int wished = Math.clamp(tolerated ? replicas : (int) Math.ceil(metric), min, max);
        wishes.removeIf(wish -> wish.second() < second - DOWN_WINDOW_SECONDS);
        wishes.add(new Wish(second, wished));
        int highest = wishes.stream().mapToInt(Wish::replicas).max().orElseThrow();
        if (wished >= replicas) {
            return Math.min(wished, Math.max(replicas + UP_PODS, 2 * replicas));
        }
        return Math.min(replicas, highest);
    }
}

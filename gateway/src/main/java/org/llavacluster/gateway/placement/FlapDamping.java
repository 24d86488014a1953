package org.llavacluster.gateway.placement;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds workers back that come and go, or that fail at what they are given, as routers do with routes that flap (RFC
 * 2439): each time adds a penalty, which halves every fifteen seconds. A worker is held back from three on until less
 * than one and a half are left, which takes half a minute at most. Takes the time as an argument.
 */
public final class FlapDamping {

    private static final double HOLD = 3;
    private static final double RELEASE = 1.5;
    private static final double MOST = 6;
    private static final Duration HALF_LIFE = Duration.ofSeconds(15);

    /** Less than that is forgotten. */
    private static final double NOTHING = 0.05;

    private static final class Penalty {
        double value;
        long atNanos;
        boolean held;

        double now(long nowNanos) {
            return value * Math.pow(0.5, (double) (nowNanos - atNanos) / HALF_LIFE.toNanos());
        }
    }

    /** By worker id; none for those without a penalty. */
    private final Map<String, Penalty> penalties = new HashMap<>();

    /** The worker was lost, or failed. */
    public synchronized void penalize(String worker, long nowNanos) {
        Penalty penalty = penalties.computeIfAbsent(worker, _ -> new Penalty());
        penalty.value = Math.min(MOST, penalty.now(nowNanos) + 1);
        penalty.atNanos = nowNanos;
        penalty.held |= penalty.value >= HOLD - NOTHING;
    }

    /** Whether the worker is held back now. */
    public synchronized boolean holds(String worker, long nowNanos) {
        Penalty penalty = penalties.get(worker);
        if (penalty == null) {
            return false;
        }
        double value = penalty.now(nowNanos);
        if (value < NOTHING) {
            penalties.remove(worker);
        }
        penalty.held &= value >= RELEASE;
        return penalty.held;
    }
}

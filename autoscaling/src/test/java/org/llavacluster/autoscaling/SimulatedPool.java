package org.llavacluster.autoscaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Decoders behind a queue, whose number the simulated autoscaler decides by the meter's signal. */
final class SimulatedPool {

    static final int SLOTS = 8;
    static final double HOLD_SECONDS = 4;
    private static final int STEPS = 4; // of a second
    private static final int START_SECONDS = 20;

    /** The number of replicas from that second on. */
    record Change(int second, int replicas) {}

    private static final class Pod {

        private final int readySecond;
        private final List<Double> ends = new ArrayList<>();

        Pod(int readySecond) {
            this.readySecond = readySecond;
        }
    }

    private final DoubleUnaryOperator arrivalsPerSecond;
    private final Random random;
    private final SimulatedAutoscaler autoscaler;
    private final DemandMeter meter = new DemandMeter(DemandRules.of(ScaledRole.DECODER, 10));
    private final List<Pod> pods = new ArrayList<>();
    private final List<Pod> draining = new ArrayList<>();
    private final Deque<Double> queue = new ArrayDeque<>(); // by the time of arrival
    private final List<Change> changes = new ArrayList<>();
    private final List<Double> waits = new ArrayList<>();

    SimulatedPool(DoubleUnaryOperator arrivalsPerSecond, long seed, int max) {
        this.arrivalsPerSecond = arrivalsPerSecond;
        this.random = new Random(seed);
        this.autoscaler = new SimulatedAutoscaler(1, max);
        pods.add(new Pod(0));
        changes.add(new Change(0, 1));
    }

    void run(int seconds) {
        for (int step = 0; step < seconds * STEPS; step++) {
            step((double) step / STEPS);
        }
    }

    private void step(double now) {
        double expected = arrivalsPerSecond.applyAsDouble(now) / STEPS;
        for (int arrivals = poisson(expected); arrivals > 0; arrivals--) {
            queue.add(now);
        }
        pods.forEach(pod -> pod.ends.removeIf(end -> end <= now));
        draining.forEach(pod -> pod.ends.removeIf(end -> end <= now));
        draining.removeIf(pod -> pod.ends.isEmpty());
        for (Pod free = free(now); free != null && !queue.isEmpty(); free = free(now)) {
            waits.add(now - queue.remove());
            free.ends.add(now + HOLD_SECONDS * (0.5 + random.nextDouble()));
        }
        RoleDemand demand = meter.sample((long) (now * 1e9), work(now));
        if (now % SimulatedAutoscaler.SYNC_SECONDS == 0) {
            scale((int) now, autoscaler.sync((int) now, pods.size(), demand.wantedWorkers()));
        }
    }

    private Pod free(double now) {
        return pods.stream()
                .filter(pod -> pod.readySecond <= now && pod.ends.size() < SLOTS)
                .min((a, b) -> a.ends.size() - b.ends.size())
                .orElse(null);
    }

    private RoleWork work(double now) {
        List<HeldWork> held = new ArrayList<>();
        for (Pod pod : pods) {
            if (pod.readySecond <= now) {
                held.add(new HeldWork("pod", pod.ends.size(), SLOTS, SLOTS / HOLD_SECONDS));
            }
        }
        return new RoleWork(queue.size(), held);
    }

    private void scale(int second, int replicas) {
        if (replicas != pods.size()) {
            changes.add(new Change(second, replicas));
        }
        while (pods.size() < replicas) {
            pods.add(new Pod(second + START_SECONDS));
        }
        while (pods.size() > replicas) {
            // The idlest goes, as the deletion cost has it.
            Pod idlest =
                    pods.stream().min((a, b) -> a.ends.size() - b.ends.size()).orElseThrow();
            pods.remove(idlest);
            draining.add(idlest);
        }
    }

    private int poisson(double expected) {
        double limit = Math.exp(-expected);
        int count = -1;
        for (double product = 1; product > limit || count < 0; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    List<Change> changes() {
        return changes;
    }

    int replicas() {
        return pods.size();
    }

    int replicasAt(int second) {
        return changes.stream()
                .filter(change -> change.second <= second)
                .reduce((first, last) -> last)
                .orElseThrow()
                .replicas;
    }

    int queued() {
        return queue.size();
    }

    /** Requests that started after more seconds than that, as a share of all. */
    double shareThatWaitedLongerThan(double seconds) {
        return (double) waits.stream().filter(wait -> wait > seconds).count() / waits.size();
    }

    /** How often the pool grew within that time after it had shrunk. */
    long flaps(int withinSeconds) {
        long flaps = 0;
        for (int i = 2; i < changes.size(); i++) {
            boolean shrank = changes.get(i - 1).replicas < changes.get(i - 2).replicas;
            boolean grew = changes.get(i).replicas > changes.get(i - 1).replicas;
            if (shrank && grew && changes.get(i).second - changes.get(i - 1).second <= withinSeconds) {
                flaps++;
            }
        }
        return flaps;
    }
}

package org.llavacluster.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.image.BatchRules;
import org.llavacluster.scheduling.worker.HealthRules;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.FaultRecord.Kind;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.worker.EncodeRow;
import org.llavacluster.simulator.worker.SimulatedDecoder;
import org.llavacluster.simulator.worker.SimulatedProjector;
import org.llavacluster.simulator.worker.SimulatedVision;
import org.llavacluster.simulator.worker.SimulatedWorker;
import org.llavacluster.simulator.worker.WorkerSpeed;

/**
 * A random run: a cluster of any size with limits that are mostly tiny, requests that come in bursts, are cancelled and
 * have short deadlines, and workers that are killed, stopped, cut off, slowed down, drained and exchanged. Then all is
 * healed, and requests are made that must complete. Everything follows from the seed.
 */
public final class FaultRun {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long FAULTS_NANOS = 8 * SECOND;
    private static final long PROBE_NANOS = FAULTS_NANOS + 36 * SECOND; // all penalties are over
    private static final long END_NANOS = PROBE_NANOS + 17 * SECOND;
    private static final String NEXT_REVISION = "revision 2";

    /** What may be exchanged for a broken one. */
    public record Parts(
            Function<ClusterLimits, DecisionMaker> scheduler,
            UnaryOperator<List<EncodeRow>> rows,
            UnaryOperator<String> tenantKeys) {

        public static Parts sound() {
            return new Parts(limits -> DecisionMaker.of(new ClusterScheduler(limits)), rows -> rows, tenant -> tenant);
        }
    }

    private final Random random;
    private final int maxNodes;
    private final Parts parts;
    private final RequestMaker maker;
    private final int tenants;
    private final int images;
    private final boolean poisoned;
    private final boolean textOnly;

    /** @param maxNodes workers of all roles, at least 3 */
    public FaultRun(long seed, int maxNodes, Parts parts) {
        this.random = new Random(seed);
        this.maxNodes = maxNodes;
        this.parts = parts;
        this.maker = new RequestMaker(random, parts.tenantKeys());
        this.tenants = 1 + random.nextInt(3);
        this.images = 2 + random.nextInt(30);
        this.poisoned = random.nextInt(6) == 0;
        this.textOnly = random.nextInt(4) == 0;
    }

    public History run() {
        ClusterLimits limits = limits();
        History history = new History(limits);
        SimulatedCluster cluster =
                new SimulatedCluster(history, parts.scheduler().apply(limits), parts.rows());
        int each = 1 + random.nextInt(Math.max(1, maxNodes / 3));
        WorkerSpeed model = model();
        for (WorkerRole role : WorkerRole.values()) {
            cluster.add(role, Math.max(1, each - random.nextInt(1 + each / 3)), model);
        }
        request(cluster);
        disturb(cluster);
        history.healedNanos = FAULTS_NANOS;
        probe(cluster);
        return cluster.run(END_NANOS);
    }

    private ClusterLimits limits() {
        BatchRules batches = new BatchRules(1 + random.nextInt(8), 1 + random.nextInt(2), 2 * MILLI, 20 * MILLI, 0.02);
        return new ClusterLimits(
                2 + random.nextInt(40),
                1 + random.nextInt(200),
                random.nextInt(10),
                random.nextInt(3),
                MILLI + random.nextLong(300 * MILLI),
                MILLI + random.nextLong(300 * MILLI),
                1 + random.nextInt(200),
                3,
                3,
                ClusterLimits.DEFAULT.maxAttempts(),
                2,
                ClusterLimits.DEFAULT.innocentNanos(),
                ClusterLimits.DEFAULT.settleNanos(),
                0.2,
                1 + random.nextInt(10),
                600 * SECOND,
                1 + random.nextInt(50),
                1 + random.nextInt(1_000),
                batches,
                HealthRules.DEFAULT);
    }

    private WorkerSpeed model() {
        return new WorkerSpeed(
                MILLI / 10 + random.nextLong(2 * MILLI),
                400 * MILLI + random.nextLong(400 * MILLI),
                20 + random.nextInt(200),
                random.nextLong(5 * MILLI),
                1 + random.nextInt(20),
                100_000,
                1 + random.nextInt(20),
                5_000 + random.nextInt(50_000),
                MILLI + random.nextLong(20 * MILLI),
                0.05,
                1 + random.nextInt(6),
                8_000 + random.nextInt(20_000),
                1 + random.nextInt(4));
    }

    private void request(SimulatedCluster cluster) {
        int count = 40 + random.nextInt(160);
        long now = 100 * MILLI;
        long mean = FAULTS_NANOS / count;
        int burst = 0;
        int bursting = 0;
        for (int i = 0; i < count; i++) {
            if (burst > 0) {
                burst--;
            } else if (random.nextInt(40) == 0) {
                burst = 30;
                bursting = random.nextInt(tenants);
            }
            now += burst > 0 ? 0 : (long) (-Math.log(1 - random.nextDouble()) * mean);
            ClientRequest request = question(now, burst > 0 ? bursting : random.nextInt(tenants));
            if (random.nextInt(8) == 0) {
                request.cancelNanos = now + random.nextLong(2 * SECOND);
            }
            cluster.submitAt(now, request);
        }
    }

    private ClientRequest question(long now, int tenant) {
        int answer = 1 + random.nextInt(30);
        long patience = random.nextInt(5) == 0
                ? 50 * MILLI + random.nextLong(SECOND)
                : 5 * SECOND + random.nextLong(25 * SECOND);
        List<Long> shown = new ArrayList<>();
        while (!textOnly && shown.size() < 3 && random.nextInt(2) == 0) {
            long image = random.nextInt(images);
            if (!shown.contains(image)) {
                shown.add(image);
            }
        }
        boolean poison = poisoned && random.nextInt(30) == 0;
        var question = new RequestMaker.Question(
                "tenant-" + tenant,
                random.nextInt(4) == 0 ? random.nextInt(3) : 0,
                shown,
                random.nextInt(2) * 128,
                129 + random.nextInt(400),
                answer + random.nextInt(20),
                answer,
                0,
                patience,
                poison);
        return maker.make(
                now, question, poison ? 666 : random.nextInt(3) == 0 ? random.nextInt(10) : random.nextLong());
    }

    private void disturb(SimulatedCluster cluster) {
        int faults = random.nextInt(8);
        boolean rollout = random.nextInt(8) == 0;
        for (int i = 0; i < faults; i++) {
            SimulatedWorker worker =
                    cluster.workers().get(random.nextInt(cluster.workers().size()));
            long from = SECOND + random.nextLong(FAULTS_NANOS - 3 * SECOND);
            long length = 20 * MILLI + random.nextLong(4 * SECOND);
            disturb(cluster, worker, from, Math.min(from + length, FAULTS_NANOS), rollout);
        }
    }

    private void disturb(SimulatedCluster cluster, SimulatedWorker worker, long from, long to, boolean rollout) {
        switch (random.nextInt(8)) {
            case 0 -> {
                cluster.time().at(from, () -> cluster.kill(worker));
                cluster.time().at(to, () -> cluster.start(worker, worker.identity()));
            }
            case 1 ->
                during(cluster, worker, Kind.PAUSE, from, to, () -> worker.pause(true), () -> worker.pause(false));
            case 2 -> {
                boolean in = random.nextBoolean();
                boolean out = !in || random.nextBoolean();
                during(cluster, worker, Kind.CUT, from, to, () -> worker.cut(in, out), () -> worker.cut(false, false));
            }
            case 3 -> {
                double times = 2 + random.nextInt(20);
                during(cluster, worker, Kind.SLOW, from, to, () -> worker.slow(times), () -> worker.slow(1));
            }
            case 4 -> {
                boolean exchanged = rollout && worker.role() == WorkerRole.DECODER;
                if (exchanged) {
                    cluster.faultAt(from, Kind.ROLLOUT, worker, () -> {});
                }
                cluster.faultAt(
                        from,
                        Kind.DRAIN,
                        worker,
                        () -> cluster.restart(worker, exchanged ? NEXT_REVISION : worker.identity()));
            }
            case 5 -> {
                boolean all = random.nextBoolean(); // as with a bad configuration
                for (SimulatedWorker one : cluster.workers()) {
                    if (one == worker || all && one.role() == worker.role()) {
                        during(cluster, one, Kind.FAIL, from, to, () -> one.fail(true), () -> one.fail(false));
                    }
                }
            }
            case 6 -> cluster.faultAt(from, Kind.EVICT, worker, () -> evict(worker));
            default -> flap(cluster, worker, from, to);
        }
    }

    private static void during(
            SimulatedCluster cluster,
            SimulatedWorker worker,
            Kind kind,
            long from,
            long to,
            Runnable begin,
            Runnable heal) {
        cluster.faultAt(from, kind, worker, begin);
        cluster.time().at(to, heal);
    }

    private static void evict(SimulatedWorker worker) {
        switch (worker) {
            case SimulatedVision vision -> vision.evict();
            case SimulatedProjector projector -> projector.evict();
            case SimulatedDecoder decoder -> decoder.evict();
            default -> throw new IllegalStateException("a worker of no role");
        }
    }

    private static void flap(SimulatedCluster cluster, SimulatedWorker worker, long from, long to) {
        for (long at = from; at < to; at += SECOND) {
            cluster.time().at(at, () -> cluster.kill(worker));
            cluster.time().at(at + SECOND / 2, () -> cluster.start(worker, worker.identity()));
        }
    }

    /** Requests that must complete: all is healed, and they come one after the other. */
    private void probe(SimulatedCluster cluster) {
        for (int i = 0; i < 5; i++) {
            long now = PROBE_NANOS + i * 200 * MILLI;
            List<Long> shown = i % 2 == 0 ? List.of() : List.of(7L);
            ClientRequest request = maker.make(
                    now,
                    RequestMaker.Question.text("tenant-0", 150, 10, 15 * SECOND).withImages(shown));
            request.probe = true;
            cluster.submitAt(now, request);
        }
    }
}

package org.llavacluster.simulator.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.SchedulerParts;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.DecisionMaker;
import org.llavacluster.simulator.RequestMaker;
import org.llavacluster.simulator.SimulatedCluster;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.promise.Breach;
import org.llavacluster.simulator.promise.Promise;
import org.llavacluster.simulator.worker.WorkerSpeed;

/**
 * A load on a cluster without faults: arrivals of several tenants, each at its rate, whether earlier requests have
 * ended or not.
 */
public final class LoadRun {

    private static final double SECOND = 1e9;
    private static final long WARM_NANOS = 2_000_000_000L; // until workers have reported

    /** Requests of one tenant, at random times with that mean rate. */
    public record Stream(String tenant, LoadMix mix, double perSecond) {}

    private final long seed;
    private final ClusterSize size;
    private final WorkerSpeed model;
    private final double seconds;
    private ClusterLimits limits = ClusterLimits.DEFAULT;
    private UnaryOperator<SchedulerParts> parts = sound -> sound;
    private UnaryOperator<DecisionMaker> observer = maker -> maker;

    /** @param seconds for which requests come */
    public LoadRun(long seed, ClusterSize size, WorkerSpeed model, double seconds) {
        this.seed = seed;
        this.size = size;
        this.model = model;
        this.seconds = seconds;
    }

    public LoadRun withLimits(ClusterLimits other) {
        limits = other;
        return this;
    }

    /** Exchanges policies. */
    public LoadRun withParts(UnaryOperator<SchedulerParts> exchange) {
        parts = exchange;
        return this;
    }

    /** Looks at what the scheduler does. */
    public LoadRun withObserver(UnaryOperator<DecisionMaker> watching) {
        observer = watching;
        return this;
    }

    /** What happened, with the checks of the promises. */
    public record Result(History history, double seconds) {

        public LoadFigures figures() {
            return figures(history.requests.values());
        }

        public LoadFigures figures(String tenant) {
            return figures(history.requests.values().stream()
                    .filter(request -> request.spec.tenant().equals(tenant))
                    .toList());
        }

        /** Without the first third, in which caches fill and rates are learnt. */
        private LoadFigures figures(Collection<ClientRequest> requests) {
            long from = (long) (WARM_NANOS + seconds / 3 * SECOND);
            return LoadFigures.of(requests, from, (long) (WARM_NANOS + seconds * SECOND));
        }

        public List<Breach> breaches() {
            return Promise.breaches(history);
        }
    }

    public Result run(List<Stream> streams) {
        History history = new History(limits);
        ClusterScheduler scheduler = new ClusterScheduler(limits, parts.apply(SchedulerParts.of(limits, _ -> 1)));
        SimulatedCluster cluster = new SimulatedCluster(history, observer.apply(DecisionMaker.of(scheduler)));
        cluster.add(WorkerRole.VISION, size.visions(), model);
        cluster.add(WorkerRole.PROJECTOR, size.projectors(), model);
        cluster.add(WorkerRole.DECODER, size.decoders(), model);
        Random random = new Random(seed);
        RequestMaker maker = new RequestMaker(random, tenant -> tenant);
        long longest = 0;
        List<ClientRequest> requests = new ArrayList<>();
        for (Stream stream : streams) {
            double now = WARM_NANOS;
            double end = WARM_NANOS + seconds * SECOND;
            while ((now += -Math.log(1 - random.nextDouble()) / stream.perSecond() * SECOND) < end) {
                requests.add(maker.make((long) now, stream.mix().question(stream.tenant(), random)));
            }
            longest = Math.max(longest, stream.mix().timeNanos());
        }
        requests.forEach(request -> cluster.submitAt(request.submitNanos, request));
        return new Result(cluster.run((long) (WARM_NANOS + seconds * SECOND) + longest + WARM_NANOS), seconds);
    }
}

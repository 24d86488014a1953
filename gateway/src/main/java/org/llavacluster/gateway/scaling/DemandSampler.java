package org.llavacluster.gateway.scaling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.llavacluster.autoscaling.DemandBoard;
import org.llavacluster.autoscaling.DemandMeter;
import org.llavacluster.autoscaling.DemandRules;
import org.llavacluster.autoscaling.RoleDemand;
import org.llavacluster.autoscaling.RoleWork;
import org.llavacluster.autoscaling.ScaledRole;
import org.llavacluster.node.time.Clock;

/** Measures the demand of each role again and again. */
final class DemandSampler implements Runnable {

    /** A burst is seen after so long at the latest. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Logger LOG = Logger.getLogger(DemandSampler.class);

    private final Supplier<QueuedWork> own;
    private final PeerQueues peers;
    private final WorkerLoads workers;
    private final AnswerTime answers;
    private final DemandBoard board;
    private final Clock clock;
    private final Map<ScaledRole, DemandMeter> meters = new EnumMap<>(ScaledRole.class);

    /** @param queueTime time in which additional workers shall do what is queued */
    DemandSampler(
            Supplier<QueuedWork> own,
            PeerQueues peers,
            WorkerLoads workers,
            DemandBoard board,
            Duration queueTime,
            MeterRegistry metrics,
            Clock clock) {
        this.own = own;
        this.peers = peers;
        this.workers = workers;
        this.answers = new AnswerTime(metrics);
        this.board = board;
        this.clock = clock;
        for (ScaledRole role : ScaledRole.values()) {
            meters.put(role, new DemandMeter(DemandRules.of(role, queueTime.toMillis() / 1e3)));
            gauge(role, "llava.scaling.backlog.seconds", RoleDemand::backlogSeconds)
                    .description("Time in which one worker would do all that is queued and running")
                    .register(metrics);
            gauge(role, "llava.scaling.wanted.workers", RoleDemand::wantedWorkers)
                    .description("Workers that the load asks for, not rounded")
                    .register(metrics);
        }
    }

    private Gauge.Builder<DemandBoard> gauge(ScaledRole role, String name, ToDoubleFunction<RoleDemand> figure) {
        return Gauge.builder(name, board, each -> figure.applyAsDouble(each.demand(role)))
                .tag("role", role.lowerCase());
    }

    @Override
    public void run() {
        try {
            sample();
        } catch (RuntimeException e) {
            // A timer that throws would not run again.
            LOG.error("the demand of the roles cannot be measured", e);
        }
    }

    private void sample() {
        long now = clock.nanoTime();
        answers.sample(now);
        QueuedWork queued = own.get().plus(peers.sample(now));
        meters.forEach((role, meter) -> {
            RoleWork work = new RoleWork(queued.of(role, workers.rowsPerTile()), workers.of(role, now, answers));
            board.put(role, meter.sample(now, work));
        });
    }
}

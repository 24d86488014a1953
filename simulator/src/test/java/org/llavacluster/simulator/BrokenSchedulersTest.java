package org.llavacluster.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.SchedulerLoad;
import org.llavacluster.scheduling.SchedulerParts;
import org.llavacluster.scheduling.queue.QueueEntry;
import org.llavacluster.scheduling.queue.TenantQueue;
import org.llavacluster.scheduling.retry.RetryBudget;
import org.llavacluster.scheduling.worker.WorkerHealth;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerTable;
import org.llavacluster.simulator.FaultRun.Parts;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.promise.Breach;
import org.llavacluster.simulator.promise.Promise;

/** Schedulers that were broken on purpose: each is caught by the promise that it breaks. */
class BrokenSchedulersTest {

    private static final int SEEDS = 1_000;
    private static final int NODES = 12;

    @Test
    void shouldCatchATokenThatIsDroppedOnResume() {
        caught(
                Promise.CONTIGUOUS,
                actions(all(action -> action instanceof ClusterAction.Generate generate && generate.produced() > 0
                        ? new ClusterAction.Generate(
                                generate.id(),
                                generate.attempt(),
                                generate.decoder(),
                                generate.epoch(),
                                generate.produced() + 1,
                                generate.sources())
                        : action)));
    }

    @Test
    void shouldCatchTwoRowsOfABatchThatAreSwapped() {
        caught(
                Promise.PREFIX,
                new Parts(
                        Parts.sound().scheduler(),
                        rows -> rows.size() < 2
                                ? rows
                                : List.of(
                                        rows.get(0).withContent(rows.get(1).content()),
                                        rows.get(1).withContent(rows.get(0).content())),
                        tenant -> tenant));
    }

    @Test
    void shouldCatchNamesWithoutTheTenantsKey() {
        caught(Promise.ISOLATED, new Parts(Parts.sound().scheduler(), rows -> rows, _ -> "everybody"));
    }

    @Test
    void shouldCatchAPlaceThatIsNotGivenBack() {
        class Forgetful extends WorkerNode {
            private int releases;

            Forgetful(WorkerReport report, WorkerHealth health) {
                super(report, health);
            }

            @Override
            public void release(long work, long kvTokens) {
                if (++releases % 20 != 0) {
                    super.release(work, kvTokens);
                }
            }
        }
        caught(Promise.RELEASED, parts(limits -> equal(limits)
                .withWorkers(new WorkerTable(limits.health(), Forgetful::new))));
    }

    @Test
    void shouldCatchARequestThatEndsTwice() {
        caught(Promise.TERMINAL_ONCE, actions(given -> {
            List<ClusterAction> twice = new ArrayList<>(given);
            given.stream()
                    .filter(action -> action instanceof ClusterAction.End(long _, RequestOutcome.Failed _))
                    .forEach(twice::add);
            return twice;
        }));
    }

    @Test
    void shouldCatchAQueueThatIgnoresTenants() {
        class OneForAll extends TenantQueue {
            OneForAll(ClusterLimits limits) {
                super(limits.maxWaiting(), limits.maxBypass(), _ -> 1);
            }

            @Override
            protected String accountOf(QueueEntry entry) {
                return "everybody";
            }
        }
        caught(Promise.FAIR, parts(limits -> equal(limits).withQueues(new OneForAll(limits), new OneForAll(limits))));
    }

    @Test
    void shouldCatchARefusalWithoutAReason() {
        caught(Promise.EXPLAINED, steps((scheduler, events) -> {
            for (ClusterEvent event : events) {
                if (event instanceof ClusterEvent.Submitted(var spec) && spec.id() % 50 == 17) {
                    return List.of(new ClusterAction.End(
                            spec.id(), new RequestOutcome.Refused(RequestOutcome.Refusal.QUEUE_FULL, 1)));
                }
            }
            return null;
        }));
    }

    @Test
    void shouldCatchRetriesBeyondTheBudget() {
        class Boundless extends RetryBudget {
            Boundless() {
                super(1, 1);
            }

            @Override
            public boolean take() {
                return true;
            }
        }
        caught(Promise.FRUGAL, parts(limits -> equal(limits).withRetries(new Boundless())));
    }

    @Test
    void shouldCatchARequestThatIsGivenToAThirdWorkerAfterItKilledTwo() {
        caught(
                Promise.FRUGAL,
                new Parts(
                        limits -> DecisionMaker.of(new ClusterScheduler(new ClusterLimits(
                                limits.maxWaiting(),
                                limits.maxRunning(),
                                limits.maxBypass(),
                                limits.decoderQueue(),
                                limits.promptNanos(),
                                limits.visionNanos(),
                                limits.reservedTokens(),
                                limits.maxEncodes(),
                                limits.maxFailures(),
                                100,
                                100,
                                limits.innocentNanos(),
                                limits.settleNanos(),
                                limits.retryShare(),
                                limits.retryReserve(),
                                limits.quarantineNanos(),
                                limits.rememberedFeatures(),
                                limits.rememberedPrefixes(),
                                limits.batches(),
                                limits.health()))),
                        rows -> rows,
                        tenant -> tenant));
    }

    @Test
    void shouldCatchWorkThatGoesOnForNobody() {
        caught(Promise.FRUGAL, actions(given -> given.stream()
                .filter(action -> !(action instanceof ClusterAction.Abandon))
                .toList()));
    }

    @Test
    void shouldCatchAWorkerThatNeverGetsWorkAgain() {
        caught(
                Promise.LIVE,
                new Parts(
                        limits -> {
                            ClusterScheduler scheduler = new ClusterScheduler(limits);
                            Set<String> banned = new HashSet<>();
                            return decisions(scheduler, (now, events) -> {
                                List<ClusterEvent> kept = new ArrayList<>();
                                for (ClusterEvent event : events) {
                                    if (event instanceof ClusterEvent.WorkerLost(String worker, long _)) {
                                        banned.add(worker);
                                    }
                                    if (!(event instanceof ClusterEvent.WorkerReported(WorkerReport report)
                                            && banned.contains(report.id()))) {
                                        kept.add(event);
                                    }
                                }
                                return scheduler.step(now, kept);
                            });
                        },
                        rows -> rows,
                        tenant -> tenant));
    }

    @Test
    void shouldCatchCountersThatDoNotAddUp() {
        caught(
                Promise.CONSERVED,
                new Parts(
                        limits -> {
                            ClusterScheduler scheduler = new ClusterScheduler(limits);
                            return new DecisionMaker() {
                                @Override
                                public ClusterScheduler.Decision step(long now, List<ClusterEvent> events) {
                                    return scheduler.step(now, events);
                                }

                                @Override
                                public SchedulerLoad load() {
                                    SchedulerLoad load = scheduler.load();
                                    SchedulerLoad.Outcomes outcomes = load.outcomes();
                                    return new SchedulerLoad(
                                            load.waitingForVision(),
                                            load.waitingTiles(),
                                            load.encoding(),
                                            load.waitingForDecoders(),
                                            load.generating(),
                                            load.furtherWaiting(),
                                            load.flights(),
                                            load.submitted(),
                                            new SchedulerLoad.Outcomes(
                                                    outcomes.completed(),
                                                    0,
                                                    outcomes.expired(),
                                                    outcomes.refused(),
                                                    outcomes.failed()),
                                            load.resumes(),
                                            load.retries(),
                                            load.late());
                                }
                            };
                        },
                        rows -> rows,
                        tenant -> tenant));
    }

    @Test
    void shouldCatchASchedulerThatThrows() {
        caught(Promise.QUIET, steps((scheduler, events) -> {
            if (scheduler.load().submitted() == 20) {
                throw new IllegalArgumentException("twenty");
            }
            return null;
        }));
    }

    private static SchedulerParts equal(ClusterLimits limits) {
        return SchedulerParts.of(limits, _ -> 1);
    }

    private static Parts parts(Function<ClusterLimits, SchedulerParts> broken) {
        return new Parts(
                limits -> DecisionMaker.of(new ClusterScheduler(limits, broken.apply(limits))),
                rows -> rows,
                tenant -> tenant);
    }

    private static UnaryOperator<List<ClusterAction>> all(UnaryOperator<ClusterAction> change) {
        return actions -> actions.stream().map(change).toList();
    }

    /** A scheduler whose actions are changed on their way. */
    private static Parts actions(UnaryOperator<List<ClusterAction>> change) {
        return new Parts(
                limits -> {
                    ClusterScheduler scheduler = new ClusterScheduler(limits);
                    return decisions(scheduler, (now, events) -> {
                        ClusterScheduler.Decision sound = scheduler.step(now, events);
                        return new ClusterScheduler.Decision(change.apply(sound.actions()), sound.waitNanos());
                    });
                },
                rows -> rows,
                tenant -> tenant);
    }

    /** A scheduler that is not asked where the other one has an answer. */
    private static Parts steps(BiFunction<ClusterScheduler, List<ClusterEvent>, List<ClusterAction>> other) {
        return new Parts(
                limits -> {
                    ClusterScheduler scheduler = new ClusterScheduler(limits);
                    return decisions(scheduler, (now, events) -> {
                        List<ClusterAction> instead = other.apply(scheduler, events);
                        return instead == null
                                ? scheduler.step(now, events)
                                : new ClusterScheduler.Decision(instead, Long.MAX_VALUE);
                    });
                },
                rows -> rows,
                tenant -> tenant);
    }

    private static DecisionMaker decisions(
            ClusterScheduler scheduler, BiFunction<Long, List<ClusterEvent>, ClusterScheduler.Decision> steps) {
        return new DecisionMaker() {
            @Override
            public ClusterScheduler.Decision step(long nowNanos, List<ClusterEvent> events) {
                return steps.apply(nowNanos, events);
            }

            @Override
            public SchedulerLoad load() {
                return scheduler.load();
            }
        };
    }

    /** Some run of the broken scheduler breaks that promise. */
    private static void caught(Promise promise, Parts broken) {
        for (long seed = 0; seed < SEEDS; seed++) {
            History history = new FaultRun(seed, NODES, broken).run();
            if (Promise.breaches(history).stream().map(Breach::promise).anyMatch(promise::equals)) {
                return;
            }
        }
        assertThat(SEEDS)
                .as("seeds in which %s was not broken", promise.title())
                .isZero();
    }
}

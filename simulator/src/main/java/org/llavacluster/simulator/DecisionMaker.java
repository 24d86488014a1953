package org.llavacluster.simulator;

import java.util.List;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.SchedulerLoad;

/** What decides in a run: the scheduler, or one that tests have broken. */
public interface DecisionMaker {

    ClusterScheduler.Decision step(long nowNanos, List<ClusterEvent> events);

    SchedulerLoad load();

    static DecisionMaker of(ClusterScheduler scheduler) {
        return new DecisionMaker() {
            @Override
            public ClusterScheduler.Decision step(long nowNanos, List<ClusterEvent> events) {
                return scheduler.step(nowNanos, events);
            }

            @Override
            public SchedulerLoad load() {
                return scheduler.load();
            }
        };
    }
}

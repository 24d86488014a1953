package org.llavacluster.node.server;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.channel.ChannelPool;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.watch.NodeStateBoard;

/**
 * What a process has before it serves anything.
 *
 * @param state what Watch tells; the application publishes its load there
 * @param calls gRPC calls pass it by themselves; calls that come another way (HTTP) enter and leave it, so that
 *     draining waits for them
 * @param timers for short tasks; never block in one
 */
public record NodeContext(
        NodeConfiguration configuration,
        NodeIdentity identity,
        Membership membership,
        ChannelPool channels,
        NodeStateBoard state,
        CallGate calls,
        MeterRegistry metrics,
        ScheduledExecutorService timers,
        Clock clock) {

    /** Processes that start beside this one and find it are as good as there then, and have the processor no longer to share. */
    private static final Duration LONGEST_UNFOUND = Duration.ofSeconds(10);

    /** The first runs of a model, for the thread that makes its runs: they begin when this node has been found, or nobody does for a while. */
    public Runnable onceFound(Runnable firstRuns) {
        return () -> {
            calls.awaitFound(LONGEST_UNFOUND);
            firstRuns.run();
        };
    }
}

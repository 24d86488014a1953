package org.llavacluster.node.server;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.node.watch.NodeStateBoard;

/**
 * What a process has before it serves.
 *
 * @param state the state that Watch reports; the application publishes its load there
 * @param calls gate of running calls. gRPC calls pass it automatically; other calls (HTTP) must enter and leave it, so
 *     that draining waits for them
 * @param timers for short tasks, which must not block
 * @param tracing closed with the process
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
        Clock clock,
        NodeTracing tracing) {}

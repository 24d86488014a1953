package org.llavacluster.node.server;

import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.membership.FileMembership;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.node.watch.NodeStateBoard;

/**
 * A process of the cluster without its environment: tests start it directly, {@link NodeLifecycle} starts it under
 * Quarkus.
 */
public final class NodeProcess implements AutoCloseable {

    /** Watchers get a report of this process every 0.4 s, so at least every half second on a busy machine. */
    private static final Duration BEAT = Duration.ofMillis(400);

    private final NodeApplication application;
    private final NodeContext context;
    private final AtomicBoolean closed = new AtomicBoolean();
    private NodeServer server;

    private NodeProcess(NodeApplication application, NodeContext context) {
        this.application = application;
        this.context = context;
    }

    /** Starts with the members of the configured file, or none. */
    public static NodeProcess start(
            NodeApplication application, NodeConfiguration configuration, MeterRegistry metrics, Clock clock) {
        return start(
                application,
                configuration,
                application.limits(),
                timers -> inFile(configuration, timers),
                metrics,
                clock,
                NodeTracing.OFF);
    }

    /** Starts with those limits of the server and the members that {@code membership} opens. */
    static NodeProcess start(
            NodeApplication application,
            NodeConfiguration configuration,
            ServerLimits limits,
            Function<ScheduledExecutorService, Membership> membership,
            MeterRegistry metrics,
            Clock clock,
            NodeTracing tracing) {
        ScheduledThreadPoolExecutor timers = timers();
        return start(application, configuration, limits, membership.apply(timers), metrics, clock, timers, tracing);
    }

    /** The members of the configured file, or none. */
    static Membership inFile(NodeConfiguration configuration, ScheduledExecutorService timers) {
        return configuration
                .members()
                .<Membership>map(file -> new FileMembership(file, timers))
                .orElseGet(() -> Membership.of(List.of()));
    }

    /** Starts with these members. */
    public static NodeProcess start(
            NodeApplication application,
            NodeConfiguration configuration,
            Membership membership,
            MeterRegistry metrics,
            Clock clock) {
        return start(
                application,
                configuration,
                application.limits(),
                membership,
                metrics,
                clock,
                timers(),
                NodeTracing.OFF);
    }

    private static NodeProcess start(
            NodeApplication application,
            NodeConfiguration configuration,
            ServerLimits limits,
            Membership membership,
            MeterRegistry metrics,
            Clock clock,
            ScheduledThreadPoolExecutor timers,
            NodeTracing tracing) {
        NodeIdentity identity = NodeIdentity.starting(configuration.id(), application.role());
        NodeContext context = new NodeContext(
                configuration,
                identity,
                membership,
                new ChannelPool(membership, timers),
                new NodeStateBoard(identity.epoch()),
                new CallGate(limits.calls()),
                metrics,
                timers,
                clock,
                tracing);
        NodeProcess process = new NodeProcess(application, context);
        try {
            InetSocketAddress address = new InetSocketAddress(configuration.host(), configuration.port());
            NodeServer.requireFree(address);
            List<ServerServiceDefinition> services = application.start(context);
            process.server = NodeServer.start(
                    address,
                    limits,
                    configuration.reflection() ? Reflection.besides(services) : services,
                    context.calls(),
                    metrics,
                    clock,
                    tracing);
            // Who watches this process takes it for lost when it hears nothing for two seconds.
            context.timers()
                    .scheduleWithFixedDelay(
                            () -> context.state().publish(state -> state),
                            BEAT.toMillis(),
                            BEAT.toMillis(),
                            TimeUnit.MILLISECONDS);
            return process;
        } catch (RuntimeException e) {
            process.free();
            throw e;
        }
    }

    private static ScheduledThreadPoolExecutor timers() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("node-timers").factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    public NodeContext context() {
        return context;
    }

    /** {@link NodeApplication#awaitServing}. */
    boolean awaitServing() throws InterruptedException {
        return application.awaitServing();
    }

    /** The port that the gRPC server listens on. */
    public int port() {
        return server.port();
    }

    /** {@link #close(Duration)} with the configured drain timeout. */
    @Override
    public void close() {
        close(context.configuration().drainTimeout());
    }

    /**
     * Reports draining, refuses new calls, waits up to the timeout for running ones, and stops. Later calls do nothing.
     */
    public void close(Duration timeout) {
        close(Duration.ZERO, timeout);
    }

    /** As {@link #close(Duration)}, after a delay in which it serves on and lets clients go elsewhere. */
    public void close(Duration delay, Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (delay.isPositive()) {
            context.calls().announceEnd();
            await(delay);
            server.sendClientsAway();
        }
        context.state().draining();
        server.drain();
        application.draining();
        server.awaitCalls(timeout);
        context.state().close();
        server.stop();
        free();
    }

    private void await(Duration delay) {
        try {
            context.timers()
                    .schedule(() -> {}, delay.toNanos(), TimeUnit.NANOSECONDS)
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void free() {
        application.stop();
        context.channels().close();
        context.membership().close();
        context.timers().shutdownNow();
        context.tracing().close();
    }
}

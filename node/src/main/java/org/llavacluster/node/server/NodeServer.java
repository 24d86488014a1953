package org.llavacluster.node.server;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.os.DescriptorWatch;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.node.trace.RequestIdInterceptor;
import org.llavacluster.node.trace.TraceInterceptor;
import org.llavacluster.node.transport.GuardedServerChannel;
import org.llavacluster.node.transport.InboundCall;
import org.llavacluster.node.transport.LazyGzip;
import org.llavacluster.node.transport.MessageBudget;
import org.llavacluster.node.transport.PeerConnections;
import org.llavacluster.node.transport.ReceivedRequests;
import org.llavacluster.node.transport.TransportLog;

/** The gRPC server of a process, with health, limits and the interceptors of every call. */
public final class NodeServer {

    private static final Logger LOG = Logger.getLogger(NodeServer.class);

    /** A lost peer is noticed after interval plus timeout at the latest. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration IDLE_CONNECTION = FixedLimits.IDLE_CONNECTION.duration();
    /**
     * Bytes in flight per client stream, outside of the message budget. Fixed, because gRPC's own tuning goes up to 8
     * MiB per stream, with which all calls together could exceed the memory of a process.
     */
    private static final int WINDOW_BYTES = FixedLimits.STREAM_WINDOW_BYTES.intValue();

    /** Interval of the check for calls that wait for their message. */
    private static final Duration SWEEP = Duration.ofMillis(250);

    private static final Duration DESCRIPTORS = Duration.ofSeconds(2);

    private static final Duration GOODBYE = Duration.ofSeconds(1);

    /** Copying into and out of sockets occupies at most the cores. */
    private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final HealthStatusManager health = new HealthStatusManager();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final CallGate gate;
    private final ArrivalInterceptor calls;
    private final ScheduledFuture<?> sweep;
    private final ScheduledFuture<?> descriptors;
    private final CallThreads threads;
    private final EventLoopGroup accepting = new NioEventLoopGroup(1, new DefaultThreadFactory("grpc-accept", true));
    private final EventLoopGroup serving =
            new NioEventLoopGroup(EVENT_LOOPS, new DefaultThreadFactory("grpc-io", true));
    private final Server server;

    private NodeServer(
            InetSocketAddress address,
            ServerLimits limits,
            List<ServerServiceDefinition> services,
            CallGate gate,
            MeterRegistry metrics,
            Clock clock,
            NodeTracing tracing) {
        TransportLog.shorten(clock);
        this.gate = gate;
        RefusalMetrics refusals = new RefusalMetrics(metrics);
        this.calls = new ArrivalInterceptor(gate, limits, refusals, clock);
        this.threads = new CallThreads(gate);
        PeerConnections connections = new PeerConnections(limits.connections(), metrics, refusals, clock);
        MessageBudget budget = new MessageBudget(limits.inboundBytes(), limits.inboundBytes() / 4 * 3);
        Gauge.builder("llava.grpc.inbound.bytes", budget, MessageBudget::held)
                .description("Memory that arriving messages of all calls hold")
                .register(metrics);
        Gauge.builder("llava.network.memory.bytes", PlatformDependent::usedDirectMemory)
                .description("Direct memory of network buffers, which jvm_buffer_memory_used_bytes does not count")
                .register(metrics);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(threads.arrivals())
                .callExecutor(threads)
                .channelFactory(() -> new GuardedServerChannel(connections))
                .addTransportFilter(connections)
                .addStreamTracerFactory(InboundCall.factory(budget, clock, refusals))
                .bossEventLoopGroup(accepting)
                .workerEventLoopGroup(serving)
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(limits.messageBytes())
                .maxInboundMetadataSize(limits.metadataBytes())
                .maxConcurrentCallsPerConnection(limits.callsPerConnection())
                // Later than the guard of the connection, which closes a silent one and counts it.
                .handshakeTimeout(2 * limits.connections().handshake().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(limits.pings().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(IDLE_CONNECTION.toMillis(), TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(limits.resetsPer30Seconds(), 30)
                .decompressorRegistry(LazyGzip.registry());
        ReceivedRequests requests = new ReceivedRequests(limits.messageBytes());
        builder.addService(requests.guard(health.getHealthService().bindService()));
        services.forEach(service -> {
            builder.addService(requests.guard(service));
            health.setStatus(service.getServiceDescriptor().getName(), ServingStatus.SERVING);
        });
        // The last one added is the first to see a call.
        builder.intercept(new FailureInterceptor());
        builder.intercept(calls);
        builder.intercept(new MeterInterceptor(metrics, clock));
        builder.intercept(new TraceInterceptor(tracing));
        builder.intercept(new RequestIdInterceptor());
        builder.intercept(new CallPeer.Interceptor());
        this.server = builder.build();
        this.sweep = serving.scheduleWithFixedDelay(
                () -> calls.endOverdue(clock.nanoTime()), SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        this.descriptors = watchDescriptors(serving);
    }

    private static ScheduledFuture<?> watchDescriptors(EventLoopGroup loops) {
        DescriptorWatch watch = new DescriptorWatch(FileDescriptors::now, LOG::error);
        return loops.next()
                .scheduleWithFixedDelay(watch, DESCRIPTORS.toMillis(), DESCRIPTORS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Opens the port, without traces; throws a {@link StartupException} if that fails. */
    public static NodeServer start(
            InetSocketAddress address,
            ServerLimits limits,
            List<ServerServiceDefinition> services,
            CallGate gate,
            MeterRegistry metrics,
            Clock clock) {
        return start(address, limits, services, gate, metrics, clock, NodeTracing.OFF);
    }

    /** Opens the port; throws a {@link StartupException} if that fails. */
    static NodeServer start(
            InetSocketAddress address,
            ServerLimits limits,
            List<ServerServiceDefinition> services,
            CallGate gate,
            MeterRegistry metrics,
            Clock clock,
            NodeTracing tracing) {
        requireFree(address);
        NodeServer node = new NodeServer(address, limits, services, gate, metrics, clock, tracing);
        try {
            node.server.start();
            return node;
        } catch (IOException e) {
            node.free();
            throw cannotOpen(address, e);
        }
    }

    /** Fails early if the port is in use, because a model may take minutes to load. */
    static void requireFree(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new StartupException("llava.node.host '" + address.getHostString() + "' cannot be resolved", 2);
        }
        if (address.getPort() != 0) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(address);
            } catch (IOException e) {
                throw cannotOpen(address, e);
            }
        }
    }

    private static StartupException cannotOpen(InetSocketAddress address, IOException cause) {
        return new StartupException(
                "llava.node.port " + address.getPort() + " on llava.node.host '" + address.getHostString()
                        + "' cannot be opened: it is in use, or opening it is not permitted",
                1,
                cause);
    }

    public int port() {
        return server.getPort();
    }

    /** Health reports NOT_SERVING and new calls are refused; running ones continue. */
    public void drain() {
        if (draining.compareAndSet(false, true)) {
            health.enterTerminalState();
            gate.drain();
        }
    }

    /** Takes no more connections, and asks clients to send their next calls on another. What runs continues. */
    public void sendClientsAway() {
        server.shutdown();
    }

    /** Waits up to that time until no call runs. */
    public void awaitCalls(Duration timeout) {
        try {
            if (!gate.awaitIdle(timeout)) {
                LOG.warnf("%d calls still run after %d s: they are ended", gate.running(), timeout.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connections; calls that still run end with UNAVAILABLE. */
    public void stop() {
        drain();
        calls.endAll();
        server.shutdown();
        try {
            if (!server.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        } finally {
            free();
        }
    }

    private void free() {
        sweep.cancel(false);
        descriptors.cancel(false);
        threads.close();
        accepting.shutdownGracefully(0, GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        serving.shutdownGracefully(0, GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    }
}

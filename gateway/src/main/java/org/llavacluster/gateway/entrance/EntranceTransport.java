package org.llavacluster.gateway.entrance;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import java.util.function.Supplier;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.time.Clock;

/**
 * Vert.x's transport with guards on its HTTP servers, the only extension point that sees a connection before Vert.x
 * does.
 */
public final class EntranceTransport extends JDKTransport {

    private static final int MAX_HEADER_BYTES = FixedLimits.HTTP_HEADER_BYTES.intValue();
    private static final int MAX_LINE_BYTES = FixedLimits.HTTP_LINE_BYTES.intValue();

    private volatile Supplier<AcceptGuard> guard;

    EntranceTransport() {}

    /**
     * Guards the servers that this Vert.x opens from now on, which must be HTTP servers with these options, and sets
     * limits in them.
     */
    public static void guard(
            Vertx vertx, HttpServerOptions options, HttpConfiguration configuration, RefusalMetrics refusals) {
        if (!(((VertxInternal) vertx).transport() instanceof EntranceTransport transport)) {
            throw new IllegalStateException("Vert.x has not loaded " + EntranceTransport.class.getName());
        }
        options.setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                // Vert.x's own would also close a connection whose answer takes longer. The guard knows the requests.
                .setIdleTimeout(0)
                .getInitialSettings()
                .setMaxHeaderListSize(MAX_HEADER_BYTES);
        transport.guard = () -> new AcceptGuard(
                new OpenConnections(
                        configuration.maxConnections(), (int) configuration.peerShare(configuration.maxConnections())),
                new EntranceRules(configuration.headerTime(), configuration.idleTime(), refusals, Clock.SYSTEM),
                options);
    }

    /** Vert.x passes on only the options of the socket. */
    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        Supplier<AcceptGuard> current = guard;
        if (current != null && !options.isSsl()) {
            bootstrap.handler(current.get());
        }
    }
}

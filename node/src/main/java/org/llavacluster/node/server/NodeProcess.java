package org.llavacluster.node.server;

import io.micrometer.core.instrument.MeterRegistry;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.time.Clock;

/** A process of the cluster without what surrounds it: tests start it as it is, {@link NodeLifecycle} starts it under Quarkus. */
public final class NodeProcess implements AutoCloseable {

    private NodeProcess() {}

    /** Starts the application and then the server; returns when it serves. Throws {@link StartupException}. */
    public static NodeProcess start(
            NodeApplication application, NodeConfiguration configuration, MeterRegistry metrics, Clock clock) {
        throw new UnsupportedOperationException(application + " " + configuration + metrics + clock);
    }

    public NodeIdentity identity() {
        throw new UnsupportedOperationException();
    }

    /** The port that the gRPC server listens on. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** Tells everybody, refuses new calls, waits for the running ones up to the drain timeout, and stops. Later calls do nothing. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}

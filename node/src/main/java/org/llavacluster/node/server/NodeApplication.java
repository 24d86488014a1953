package org.llavacluster.node.server;

import io.grpc.ServerServiceDefinition;
import java.util.List;

/** What a process serves: implemented once by each of the four services, as a CDI bean. */
public interface NodeApplication {

    /** vision, projector, decoder or gateway. */
    String role();

    /**
     * Gets everything ready, which may take long, and returns what to serve. The port opens after that. A
     * {@link StartupException} ends the process with its message as one line.
     */
    List<ServerServiceDefinition> start(NodeContext node);

    default ServerLimits limits() {
        return ServerLimits.cluster();
    }

    /**
     * The port is open: returns when the process can do what it is for, which the ready line says, or false if it was
     * told to end before. A worker can at once; a gateway waits for its workers.
     */
    default boolean awaitServing() throws InterruptedException {
        return true;
    }

    /** The process drains: end what would never end by itself. Running calls go on. Must not block. */
    default void draining() {}

    /** All calls are over, or start failed: free everything. */
    default void stop() {}
}

package org.llavacluster.node.server;

import io.grpc.ServerServiceDefinition;
import java.util.List;

/** What a process serves. Each of the four services implements it once, as a CDI bean. */
public interface NodeApplication {

    /** The role: vision, projector, decoder or gateway. */
    String role();

    /**
     * Prepares everything, which may take long, and returns the services to serve. The port opens afterwards. A {@link
     * StartupException} ends the process with its message as one line.
     */
    List<ServerServiceDefinition> start(NodeContext node);

    default ServerLimits limits() {
        return ServerLimits.cluster();
    }

    /**
     * Called once the port is open. Returns true when the process can do its work, which the ready line then reports,
     * or false if it was asked to end before. A worker returns at once; a gateway waits for its workers.
     */
    default boolean awaitServing() throws InterruptedException {
        return true;
    }

    /**
     * The process begins to drain: end calls that would never end by themselves. Other calls continue. Must not block.
     */
    default void draining() {}

    /** All calls have ended, or the start failed: free all resources. */
    default void stop() {}
}

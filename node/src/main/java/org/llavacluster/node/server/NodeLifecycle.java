package org.llavacluster.node.server;

/** Placeholder: starts the application's {@link NodeProcess} on Quarkus' StartupEvent, prints the ready line, drains on SIGTERM. */
final class NodeLifecycle {

    private NodeLifecycle() {}
}

package org.llavacluster.node.server;

import java.time.Duration;

/**
 * What a server takes from its clients.
 *
 * @param messageBytes largest message
 * @param metadataBytes largest list of headers
 * @param callsPerConnection calls of one connection at once
 * @param calls calls of all connections at once
 * @param connections open connections
 * @param handshake longest time until a connection speaks HTTP/2
 * @param pings shortest time between pings of a client; it is sent off when it pings more often
 * @param resetsPer30Seconds streams that one connection may reset (CVE-2023-44487)
 */
public record ServerLimits(
        int messageBytes,
        int metadataBytes,
        int callsPerConnection,
        int calls,
        int connections,
        Duration handshake,
        Duration pings,
        int resetsPer30Seconds) {

    /** Between the nodes of a cluster: one connection carries all calls of a peer. */
    public static ServerLimits cluster() {
        return new ServerLimits(
                4 << 20, 8 << 10, 2000, 4000, 1000, Duration.ofSeconds(10), Duration.ofSeconds(5), 2000);
    }

    /** Towards clients that nobody knows. */
    public static ServerLimits publicApi() {
        return new ServerLimits(4 << 20, 8 << 10, 100, 2000, 1000, Duration.ofSeconds(10), Duration.ofSeconds(5), 200);
    }
}

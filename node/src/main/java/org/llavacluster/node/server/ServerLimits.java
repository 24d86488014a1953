package org.llavacluster.node.server;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

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

    /** Between the processes of a cluster: one connection carries all calls of a peer. */
    public static ServerLimits cluster() {
        return new ServerLimits(
                FixedLimits.CLUSTER_MESSAGE_BYTES.intValue(),
                FixedLimits.METADATA_BYTES.intValue(),
                FixedLimits.CLUSTER_CALLS_PER_CONNECTION.intValue(),
                FixedLimits.CLUSTER_CALLS.intValue(),
                FixedLimits.CONNECTIONS.intValue(),
                FixedLimits.HANDSHAKE.duration(),
                FixedLimits.PING_INTERVAL.duration(),
                FixedLimits.CLUSTER_RESETS.intValue());
    }

    /**
     * Towards clients of the public API.
     *
     * @param messageBytes largest message
     * @param calls of all connections at once
     */
    public static ServerLimits publicApi(int messageBytes, int calls) {
        return new ServerLimits(
                messageBytes,
                FixedLimits.METADATA_BYTES.intValue(),
                FixedLimits.PUBLIC_CALLS_PER_CONNECTION.intValue(),
                calls,
                FixedLimits.CONNECTIONS.intValue(),
                FixedLimits.HANDSHAKE.duration(),
                FixedLimits.PING_INTERVAL.duration(),
                FixedLimits.PUBLIC_RESETS.intValue());
    }
}

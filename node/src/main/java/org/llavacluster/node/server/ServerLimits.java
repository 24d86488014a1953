package org.llavacluster.node.server;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.transport.ConnectionLimits;

/**
 * What a server takes from its clients.
 *
 * @param messageBytes largest message
 * @param metadataBytes largest list of headers
 * @param callsPerConnection calls of one connection at once, whatever the client agreed to
 * @param calls calls of all connections at once, those that arrive not counted
 * @param arrivingCalls calls of all connections whose first message is not whole
 * @param connections what connections may do
 * @param inboundBytes that the messages of all calls hold together; one address holds three quarters of it at most
 * @param firstMessage longest time until the first message of a call begins
 * @param messageRate bytes per second that a message has at least, once it took longer than {@code firstMessage}
 * @param pings shortest time between pings of a client; it is sent off when it pings more often
 * @param resetsPer30Seconds streams that one connection may reset (CVE-2023-44487)
 */
public record ServerLimits(
        int messageBytes,
        int metadataBytes,
        int callsPerConnection,
        int calls,
        int arrivingCalls,
        ConnectionLimits connections,
        long inboundBytes,
        Duration firstMessage,
        int messageRate,
        Duration pings,
        int resetsPer30Seconds) {

    private static final int ARRIVING_CALLS = 512;
    private static final long INBOUND_BYTES = 256L << 20;
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(5);
    private static final int MESSAGE_RATE = 64 << 10;
    private static final int CONTROL_FRAMES = 100;
    private static final int NEW_CALLS = 1000;

    /** Between the processes of a cluster: one connection carries all calls of a peer. */
    public static ServerLimits cluster() {
        return usual(
                FixedLimits.CLUSTER_MESSAGE_BYTES.intValue(),
                FixedLimits.CLUSTER_CALLS_PER_CONNECTION.intValue(),
                FixedLimits.CLUSTER_CALLS.intValue(),
                FixedLimits.CLUSTER_RESETS.intValue());
    }

    /**
     * Towards clients of the public API.
     *
     * @param messageBytes largest message
     * @param calls of all connections at once
     */
    public static ServerLimits publicApi(int messageBytes, int calls) {
        return usual(
                messageBytes,
                FixedLimits.PUBLIC_CALLS_PER_CONNECTION.intValue(),
                calls,
                FixedLimits.PUBLIC_RESETS.intValue());
    }

    private static ServerLimits usual(int messageBytes, int callsPerConnection, int calls, int resets) {
        return new ServerLimits(
                messageBytes,
                FixedLimits.METADATA_BYTES.intValue(),
                callsPerConnection,
                calls,
                ARRIVING_CALLS,
                connections(FixedLimits.CONNECTIONS.intValue()),
                // A quarter of a small heap: what came is on the heap once it is read.
                Math.max(
                        2L * messageBytes,
                        Math.min(INBOUND_BYTES, Runtime.getRuntime().maxMemory() / 4)),
                FIRST_MESSAGE,
                MESSAGE_RATE,
                FixedLimits.PING_INTERVAL.duration(),
                resets);
    }

    /** Three quarters of them from one address at most, and a quarter that have not spoken. */
    private static ConnectionLimits connections(int most) {
        return new ConnectionLimits(
                most,
                Math.max(1, most / 4 * 3),
                Math.max(1, most / 4),
                FixedLimits.HANDSHAKE.duration(),
                CONTROL_FRAMES,
                NEW_CALLS);
    }

    /** The same with no more connections than the process may open. */
    ServerLimits fitting(FileDescriptors descriptors) {
        int most = descriptors.connections(connections.connections());
        return most == connections.connections()
                ? this
                : new ServerLimits(
                        messageBytes,
                        metadataBytes,
                        callsPerConnection,
                        calls,
                        arrivingCalls,
                        connections(most),
                        inboundBytes,
                        firstMessage,
                        messageRate,
                        pings,
                        resetsPer30Seconds);
    }
}

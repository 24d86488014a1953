package org.llavacluster.node.server;

import java.time.Duration;
import java.util.Optional;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GrpcProperties;
import org.llavacluster.node.config.Property;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.transport.ConnectionLimits;

/**
 * What a server accepts from its clients.
 *
 * @param messageBytes largest message
 * @param metadataBytes largest list of headers
 * @param callsPerConnection calls of one connection at once, whatever the client agreed to
 * @param calls calls of all connections at once, without those that are arriving
 * @param arrivingCalls calls of all connections whose first message is not complete
 * @param connections limits of connections
 * @param inboundBytes most bytes of the messages of all calls; one address gets at most three quarters of it
 * @param firstMessage longest time until the first message of a call begins
 * @param messageRate lowest bytes per second of a message that takes longer than {@code firstMessage}
 * @param pings shortest time between pings of a client, which is disconnected if it pings more often
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

    private static final int CONNECTIONS = 1000;
    private static final long INBOUND_BYTES = 256L << 20;

    /** Between the processes of a cluster, where one connection carries all calls of a peer. */
    public static ServerLimits cluster() {
        return usual(
                FixedLimits.CLUSTER_MESSAGE_BYTES.intValue(),
                FixedLimits.CLUSTER_CALLS_PER_CONNECTION.intValue(),
                FixedLimits.CLUSTER_CALLS.intValue(),
                FixedLimits.CLUSTER_RESETS.intValue());
    }

    /**
     * For clients of the public API.
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
                Math.toIntExact(GrpcProperties.MAX_ARRIVING_CALLS.constantDefault()),
                usualConnections(),
                // A quarter of a small heap, because received messages are on the heap once they are read.
                Math.max(
                        2L * messageBytes,
                        Math.min(INBOUND_BYTES, Runtime.getRuntime().maxMemory() / 4)),
                GrpcProperties.FIRST_MESSAGE_TIMEOUT.constantDefault(),
                Math.toIntExact(GrpcProperties.MIN_MESSAGE_RATE.constantDefault()),
                FixedLimits.PING_INTERVAL.duration(),
                resets);
    }

    private static ConnectionLimits usualConnections() {
        return new ConnectionLimits(
                CONNECTIONS,
                perAddress(CONNECTIONS),
                silent(CONNECTIONS),
                GrpcProperties.HANDSHAKE_TIMEOUT.constantDefault(),
                Math.toIntExact(GrpcProperties.MAX_CONTROL_FRAMES.constantDefault()),
                Math.toIntExact(GrpcProperties.MAX_NEW_CALLS.constantDefault()));
    }

    /** Three quarters, so that one address leaves room for others. */
    private static int perAddress(int connections) {
        return Math.max(1, connections / 4 * 3);
    }

    private static int silent(int connections) {
        return Math.max(1, connections / 4);
    }

    /**
     * These limits with the process's values of {@link GrpcProperties}.
     *
     * @param descriptors bound the connections if no property sets them
     */
    ServerLimits configured(Settings settings, FileDescriptors descriptors) {
        int most = given(settings, GrpcProperties.MAX_CONNECTIONS)
                .orElse(descriptors.connections(connections.connections()));
        ConnectionLimits configured = new ConnectionLimits(
                most,
                Math.min(
                        most,
                        given(settings, GrpcProperties.MAX_CONNECTIONS_PER_ADDRESS)
                                .orElse(perAddress(most))),
                Math.min(
                        most,
                        given(settings, GrpcProperties.MAX_SILENT_CONNECTIONS).orElse(silent(most))),
                settings.get(GrpcProperties.HANDSHAKE_TIMEOUT),
                settings.integer(GrpcProperties.MAX_CONTROL_FRAMES),
                settings.integer(GrpcProperties.MAX_NEW_CALLS));
        return new ServerLimits(
                messageBytes,
                metadataBytes,
                given(settings, GrpcProperties.MAX_CALLS_PER_CONNECTION).orElse(callsPerConnection),
                calls,
                settings.integer(GrpcProperties.MAX_ARRIVING_CALLS),
                configured,
                // With room for fewer than two messages, a large one would be refused whenever another arrives.
                Math.max(
                        2L * messageBytes,
                        settings.find(GrpcProperties.INBOUND_BYTES).orElse(inboundBytes)),
                settings.get(GrpcProperties.FIRST_MESSAGE_TIMEOUT),
                settings.integer(GrpcProperties.MIN_MESSAGE_RATE),
                pings,
                resetsPer30Seconds);
    }

    private static Optional<Integer> given(Settings settings, Property<Long> property) {
        return settings.find(property).map(Math::toIntExact);
    }
}

package org.llavacluster.node.transport;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

/**
 * Limits of the connections of a port.
 *
 * @param connections open connections
 * @param perAddress open connections of one address
 * @param silent open connections that have not sent the HTTP/2 preface
 * @param handshake time after which a silent one is closed
 * @param controlFrames per second and connection: pings, settings, priorities, continuations and empty data
 * @param newCalls per second and connection
 */
public record ConnectionLimits(
        int connections, int perAddress, int silent, Duration handshake, int controlFrames, int newCalls) {

    private static final int WINDOW_UPDATES = FixedLimits.GRPC_WINDOW_UPDATES.intValue();

    /** A client that was suspended sends the frames of that time at once. */
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    public ConnectionLimits {
        if (perAddress > connections || silent > connections) {
            throw new IllegalArgumentException(
                    perAddress + " connections of an address or " + silent + " silent ones, of " + connections);
        }
    }

    FrameFlood.Rates rates() {
        return new FrameFlood.Rates(controlFrames, newCalls, WINDOW_UPDATES, AT_ONCE);
    }

    ConnectionTable.Room room() {
        return new ConnectionTable.Room(connections, perAddress, silent);
    }
}

package org.llavacluster.node.transport;

import java.time.Duration;

/**
 * What the connections of a port may do.
 *
 * @param connections open ones
 * @param perAddress open ones of one address
 * @param silent open ones that have not said what an HTTP/2 client says first
 * @param handshake after which a silent one is closed
 * @param controlFrames per second and connection: pings, settings, priorities, continuations and data without bytes
 * @param newCalls per second and connection
 */
public record ConnectionLimits(
        int connections, int perAddress, int silent, Duration handshake, int controlFrames, int newCalls) {

    /** A client that reads a stream of tensors at the speed of memory sends some thousands. */
    private static final int WINDOW_UPDATES = 20_000;

    /** A client that was stopped for a while sends all at once what it would have sent in that time. */
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

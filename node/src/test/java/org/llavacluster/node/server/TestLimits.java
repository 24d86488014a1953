package org.llavacluster.node.server;

import java.time.Duration;
import org.llavacluster.node.transport.ConnectionLimits;

/** Limits of a server: low ones for the test, and high ones for everything else. */
final class TestLimits {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final ConnectionLimits ROOMY = new ConnectionLimits(1000, 1000, 1000, LONG, 100_000, 100_000);

    private TestLimits() {}

    /** Limits of calls per connection and in total. */
    static ServerLimits calls(int perConnection, int all) {
        return new ServerLimits(1 << 20, 8192, perConnection, all, 1000, ROOMY, 8 << 20, LONG, 1, LONG, 1000);
    }

    /** Limits of arriving calls, of the time to their first message, and of its rate. */
    static ServerLimits arriving(int calls, Duration firstMessage, int rate) {
        return new ServerLimits(1 << 20, 8192, 1000, 1000, calls, ROOMY, 8 << 20, firstMessage, rate, LONG, 1000);
    }

    static ServerLimits resets(int resets) {
        return new ServerLimits(1 << 20, 8192, 1000, 1000, 1000, ROOMY, 8 << 20, LONG, 1, LONG, resets);
    }

    static ServerLimits connections(ConnectionLimits connections) {
        return new ServerLimits(1 << 20, 8192, 1000, 1000, 1000, connections, 8 << 20, LONG, 1, LONG, 1000);
    }

    /** Limits of one message and of all messages together. */
    static ServerLimits messages(int largest, long all) {
        return new ServerLimits(largest, 8192, 1000, 1000, 1000, ROOMY, all, LONG, 1, LONG, 1000);
    }
}

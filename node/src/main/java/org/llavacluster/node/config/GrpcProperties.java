package org.llavacluster.node.config;

import java.time.Duration;

/** Limits of every process's gRPC server. */
public final class GrpcProperties {

    static final PropertyGroup GROUP = new PropertyGroup("gRPC server of every process");

    private static final int MOST = 1 << 20;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String CLOSED = "The connection is closed.";

    public static final Property<Long> MAX_CONNECTIONS = GROUP.wholeNumber("llava.grpc.max-connections", 2, MOST)
            .otherwiseComputed("1000, fewer if the process may open fewer files")
            .limit("Each connection takes a file descriptor and buffers.", CLOSED)
            .meaning("Open connections.");

    public static final Property<Long> MAX_CONNECTIONS_PER_ADDRESS = GROUP.wholeNumber(
                    "llava.grpc.max-connections-per-address", 1, MOST)
            .otherwiseComputed("750, at most `llava.grpc.max-connections`")
            .limit("One address must leave connections for others.", CLOSED)
            .meaning("Open connections of one address. A proxy in front of the server is one address.");

    public static final Property<Long> MAX_SILENT_CONNECTIONS = GROUP.wholeNumber(
                    "llava.grpc.max-silent-connections", 1, MOST)
            .otherwiseComputed("250, at most `llava.grpc.max-connections`")
            .limit("Connections that say nothing must not keep others out.", "The oldest silent connection is closed.")
            .meaning("Open connections that have not sent the HTTP/2 preface.");

    public static final Property<Duration> HANDSHAKE_TIMEOUT = GROUP.time(
                    "llava.grpc.handshake-timeout", SHORTEST, LONGEST)
            .otherwise(Duration.ofSeconds(5))
            .limit("Silent connections must not take the places of others.", CLOSED)
            .meaning("Time until a connection has sent the HTTP/2 preface.");

    public static final Property<Long> MAX_CONTROL_FRAMES = GROUP.wholeNumber("llava.grpc.max-control-frames", 1, MOST)
            .otherwise(100L)
            .limit("Such frames cost the server more than the client.", CLOSED)
            .meaning("Frames per second and connection that carry no data: pings, settings, priorities, continuations "
                    + "and empty data.");

    public static final Property<Long> MAX_NEW_CALLS = GROUP.wholeNumber("llava.grpc.max-new-calls", 1, MOST)
            .otherwise(1000L)
            .limit("Opening and resetting calls costs the server more than the client.", CLOSED)
            .meaning("New calls per second and connection.");

    public static final Property<Long> MAX_CALLS_PER_CONNECTION = GROUP.wholeNumber(
                    "llava.grpc.max-calls-per-connection", 1, MOST)
            .otherwiseComputed("100 at the gateway, 2000 at workers")
            .limit("One client must not take all places.", "RESOURCE_EXHAUSTED.")
            .meaning("Calls of one connection at once, whatever the client agreed to.");

    public static final Property<Long> MAX_ARRIVING_CALLS = GROUP.wholeNumber("llava.grpc.max-arriving-calls", 1, MOST)
            .otherwise(512L)
            .limit("Calls that only begin must not take the places of complete ones.", "RESOURCE_EXHAUSTED.")
            .meaning("Calls whose first message is not complete.");

    public static final Property<Long> INBOUND_BYTES = GROUP.bytes("llava.grpc.inbound-bytes", 1, 1L << 40)
            .otherwiseComputed("256 MiB, at most a quarter of the heap")
            .limit("Messages are in memory while they arrive.", "RESOURCE_EXHAUSTED; the connection stays.")
            .meaning("Memory of arriving messages of all calls. At least two messages of the largest size; one "
                    + "address takes at most three quarters.");

    public static final Property<Duration> FIRST_MESSAGE_TIMEOUT = GROUP.time(
                    "llava.grpc.first-message-timeout", SHORTEST, LONGEST)
            .otherwise(Duration.ofSeconds(5))
            .limit("A call without a message must not hold its place.", "DEADLINE_EXCEEDED.")
            .meaning("Time until the first message of a call begins to arrive.");

    public static final Property<Long> MIN_MESSAGE_RATE = GROUP.wholeNumber("llava.grpc.min-message-rate", 1, 1 << 30)
            .otherwise(64L << 10)
            .limit("Messages that trickle in must not hold memory.", "DEADLINE_EXCEEDED.")
            .meaning("Least bytes per second of a message that takes longer than "
                    + "`llava.grpc.first-message-timeout`.");

    private GrpcProperties() {}
}

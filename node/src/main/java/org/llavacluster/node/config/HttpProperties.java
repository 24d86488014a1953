package org.llavacluster.node.config;

import java.time.Duration;

/** Properties of the gateway's HTTP port. */
public final class HttpProperties {

    static final PropertyGroup GROUP = new PropertyGroup("The gateway's HTTP port");

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);

    public static final Property<String> CORS_ORIGINS = GROUP.text("llava.http.cors-origins")
            .meaning("Origins of web pages that may call the API, separated by commas, such as "
                    + "`http://localhost:5173`; `*` for all of them.");

    public static final Property<Boolean> LOG_REQUESTS = GROUP.flag("llava.http.log-requests")
            .otherwise(false)
            .meaning("Write a line for each request into the log: id, model, tokens, stages, outcome; never content.");

    public static final Property<Long> MAX_CONNECTIONS = GROUP.wholeNumber("llava.http.max-connections", 1, 1 << 20)
            .otherwise(4096L)
            .limit("Each takes a file descriptor and buffers.", "The connection is closed at once.")
            .meaning("Connections that are open at once.");

    public static final Property<Long> PEER_SHARE_PERCENT = GROUP.wholeNumber("llava.http.peer-share-percent", 1, 100)
            .otherwise(90L)
            .limit(
                    "One client must not take all places; a proxy in front is one client to the gateway.",
                    "The connection is closed at once; a body gets HTTP 429 `overloaded` with `Retry-After`.")
            .meaning("Share of connections, arriving bodies and their memory that one address may take, in percent.");

    public static final Property<Duration> HEADER_TIME = GROUP.time("llava.http.header-time", SHORTEST, HOUR)
            .otherwise(Duration.ofSeconds(10))
            .limit("Connections that send their headers slowly hold places of others.", "The connection closes.")
            .meaning("Longest time from the first byte of a request to the end of its headers, and of a new connection "
                    + "until its first byte.");

    public static final Property<Duration> IDLE_TIME = GROUP.time("llava.http.idle-time", SHORTEST, HOUR)
            .otherwise(Duration.ofMinutes(5))
            .limit("Connections of clients that have left must end.", "The connection closes.")
            .meaning("Time after which a connection without a request is closed.");

    public static final Property<Long> MAX_ARRIVING = GROUP.wholeNumber("llava.http.max-arriving", 1, 1 << 20)
            .otherwise(1024L)
            .limit(
                    "Bodies and uploads hold memory while they arrive.",
                    "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED.")
            .meaning("Bodies and uploads that arrive at once.");

    public static final Property<Long> MIN_BODY_RATE = GROUP.bytes("llava.http.min-body-rate", 1, 1 << 30)
            .otherwise(1024L)
            .limit("A client that sends a byte now and then holds memory.", "HTTP 408 / DEADLINE_EXCEEDED.")
            .meaning("Bytes a second that a body or upload must have on average over a few seconds.");

    public static final Property<Duration> MAX_BODY_TIME = GROUP.time("llava.http.max-body-time", SHORTEST, HOUR)
            .otherwise(Duration.ofSeconds(60))
            .limit(
                    "A slow client holds memory; the largest body takes that long on a line of 9 Mbit/s.",
                    "HTTP 408 / DEADLINE_EXCEEDED.")
            .meaning("Longest time for a whole body or upload.");

    private HttpProperties() {}
}

package org.llavacluster.node.metrics;

/**
 * Why a request, call or connection is refused: the label {@code reason} of {@code llava_refusals_total}, on both
 * ports.
 */
public enum RefusalReason {
    ARRIVALS("arrivals", "The limit of bodies, uploads and first messages arriving at once is reached."),
    BODY_TOO_LARGE("body_too_large", "The body of an HTTP request is larger than the limit."),
    CALLS("calls", "The limit of running calls is reached."),
    CONNECTION_CALLS("connection_calls", "The limit of running calls of one connection is reached."),
    CONNECTIONS("connections", "The limit of open connections is reached, in all or for one address."),
    DISPLACED("displaced", "Others took the place or memory of a request that arrives slowly or holds most."),
    DRAINING("draining", "The process is asked to end."),
    EXPECTATION_FAILED("expectation_failed", "The header `Expect` asks for something unknown."),
    FIRST_MESSAGE("first_message", "The first message of a call did not begin in time."),
    HEADERS_TOO_LARGE("headers_too_large", "The headers of an HTTP request are larger than the limit."),
    HTTP2_FLOOD("http2_flood", "A connection sends more frames, resets or pings than the limits allow."),
    IDLE_CONNECTION("idle_connection", "A connection without requests was closed to make room for another."),
    INVALID("invalid", "A header has a value that cannot be used."),
    MALFORMED_REQUEST("malformed_request", "The request breaks the rules of HTTP, HTTP/2 or protobuf."),
    MEMORY("memory", "Requests that arrive or run hold all of the memory set aside for them."),
    MESSAGE_TOO_LARGE("message_too_large", "A gRPC message is larger than the limit, perhaps once decompressed."),
    METHOD_NOT_ALLOWED("method_not_allowed", "The path does not take this HTTP method."),
    OVERLOADED("overloaded", "A request that was let in found a queue full or no memory further on."),
    QUEUE("queue", "The queue is full."),
    SILENT_CONNECTION("silent_connection", "A connection did not speak HTTP/2 in time."),
    SLOW_BODY("slow_body", "A body, upload or message arrives too slowly."),
    SLOW_HEADERS("slow_headers", "The headers of a request did not come in time."),
    SLOW_READER("slow_reader", "The receiver of a tensor takes none of it."),
    STARTING("starting", "The process does not serve yet."),
    UNKNOWN_PATH("unknown_path", "There is no such path or gRPC method."),
    UNSUPPORTED_ENCODING("unsupported_encoding", "The header `Content-Encoding` names something unknown."),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", "The header `Content-Type` is not JSON."),
    URI_TOO_LONG("uri_too_long", "The first line of an HTTP request is longer than the limit.");

    private final String label;
    private final String meaning;

    RefusalReason(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** As metrics and logs name it. */
    public String label() {
        return label;
    }

    /** For the documentation, a sentence. */
    public String meaning() {
        return meaning;
    }
}

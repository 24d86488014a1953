package org.llavacluster.cli.overload;

/** How one request of an overload run ended. */
sealed interface RequestEnd {

    /** With a complete answer. */
    record Answered() implements RequestEnd {}

    /** Because of the load: HTTP 429 and 503, RESOURCE_EXHAUSTED and UNAVAILABLE. */
    record Refused() implements RequestEnd {}

    /** In any other way, which is a fault. */
    record Failed(String reason) implements RequestEnd {}
}

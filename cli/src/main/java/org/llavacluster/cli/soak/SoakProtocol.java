package org.llavacluster.cli.soak;

/** How a request of a soak reaches the gateway. */
enum SoakProtocol {
    GRPC,
    /** One JSON answer. */
    HTTP,
    /** Server-sent events. */
    HTTP_STREAM
}

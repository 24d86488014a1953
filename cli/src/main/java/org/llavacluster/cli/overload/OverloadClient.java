package org.llavacluster.cli.overload;

import java.util.concurrent.CompletableFuture;

/** Sends the same request again and again by one protocol. */
interface OverloadClient extends AutoCloseable {

    /** Sends a request without waiting for its end. The result never completes exceptionally. Thread-safe. */
    CompletableFuture<RequestEnd> send();

    @Override
    void close();
}

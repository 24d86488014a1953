package org.llavacluster.decoder.scheduler;

/** How a request ended. */
public sealed interface Ending {

    /** A stop id was sampled; {@code generated} tokens came before it, those of earlier attempts included. */
    record Stopped(int generated) implements Ending {}

    /** All tokens asked for are there. */
    record LengthReached(int generated) implements Ending {}

    record Cancelled() implements Ending {}

    record Expired() implements Ending {}

    /** The queue was full. */
    record QueueFull(int waiting) implements Ending {}

    /** No wait would help: the KV cache has {@code poolTokens} in all. */
    record LargerThanPool(int tokens, int poolTokens) implements Ending {}

    record Failed(Throwable cause) implements Ending {}
}

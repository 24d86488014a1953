package org.llavacluster.decoder.scheduler;

/** How a request ended. */
public sealed interface Ending {

    /** A stop id was sampled after {@code generated} tokens, including those of earlier attempts. */
    record Stopped(int generated) implements Ending {}

    /** All requested tokens were generated. */
    record LengthReached(int generated) implements Ending {}

    record Cancelled() implements Ending {}

    record Expired() implements Ending {}

    /** The queue was full. */
    record QueueFull(int waiting) implements Ending {}

    /** The request needs more than the whole KV cache of {@code poolTokens}, so waiting would not help. */
    record LargerThanPool(int tokens, int poolTokens) implements Ending {}

    record Failed(Throwable cause) implements Ending {}
}

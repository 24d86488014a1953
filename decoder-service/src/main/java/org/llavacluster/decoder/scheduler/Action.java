package org.llavacluster.decoder.scheduler;

/** What the shell has to do, in this order. */
public sealed interface Action {

    long id();

    /** The sequence has its blocks and begins; the rows of {@code cachedRows} need no computing. Once, before its tokens. */
    record Accept(long id, int cachedRows) implements Action {}

    /**
     * Get the embeddings of an image and report {@link Event.ImageArrived}. Asked for again after a preemption, with another
     * {@code attempt}.
     */
    record Fetch(long id, int image, int attempt) implements Action {}

    /** The embeddings of that image are not needed any more, or not yet there and not needed. */
    record Free(long id, int image) implements Action {}

    /** A new token for the reader; {@code index} counts all generated ones, those of earlier attempts included. */
    record Deliver(long id, int index, int token) implements Action {}

    /** The last action of each request, exactly once. All that was held for it is free. */
    record End(long id, Ending ending) implements Action {}
}

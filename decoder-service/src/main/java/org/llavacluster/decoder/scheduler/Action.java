package org.llavacluster.decoder.scheduler;

/** What the loop must do, in the given order. */
public sealed interface Action {

    long id();

    /**
     * The sequence has its blocks and begins; its first {@code cachedRows} rows are cached. Once, before its tokens.
     */
    record Accept(long id, int cachedRows) implements Action {}

    /**
     * Fetch the embeddings of an image and report {@link Event.ImageArrived}. Repeated after a preemption with another
     * {@code attempt}.
     */
    record Fetch(long id, int image, int attempt) implements Action {}

    /**
     * The embeddings of the image are no longer needed, or not before they are fetched again, whether they have arrived
     * or not. Embeddings that are not freed are kept until the end, also while the request is preempted.
     */
    record Free(long id, int image) implements Action {}

    /** A new token for the reader; {@code index} counts all generated tokens, including those of earlier attempts. */
    record Deliver(long id, int index, int token) implements Action {}

    /** The last action of a request, exactly once. Everything held for it is free. */
    record End(long id, Ending ending) implements Action {}
}

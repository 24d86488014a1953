package org.llavacluster.decoder.loop;

import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.model.sampling.Sampled;

/** Receives the events of one request, one after the other on the loop's thread. Must not block. */
public interface GenerationListener {

    /**
     * The request begins. The first {@code cachedRows} rows of its prompt are cached. Called once, before its tokens.
     */
    void accepted(int cachedRows);

    /** Asks for the embeddings of an image, to be passed to {@link DecoderLoop#imageArrived}. */
    void fetch(int image, int attempt);

    /** The embeddings of the image are no longer needed; cancels the fetch if it is in progress. */
    void free(int image);

    /**
     * @param index index among all generated tokens, including those of earlier attempts
     */
    void token(int index, Sampled token);

    /** The last call; made once. */
    void ended(Ending ending);
}

package org.llavacluster.decoder.loop;

import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.model.sampling.Sampled;

/** Whom a request reports to. Called on the loop's thread, one after the other: must not block. */
public interface GenerationListener {

    /** It begins; the first {@code cachedRows} rows of its prompt need no computing. Once, before its tokens. */
    void accepted(int cachedRows);

    /** Get the embeddings of an image and hand them over with {@link DecoderLoop#imageArrived}. */
    void fetch(int image, int attempt);

    /** Stop getting them, if they are not there yet. */
    void free(int image);

    /** @param index among all tokens generated, those of earlier attempts included */
    void token(int index, Sampled token);

    /** The last call; once. */
    void ended(Ending ending);
}

package org.llavacluster.modelio.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * A LLaMA or Mistral text model.
 *
 * @param vocabulary rows of the embedding table
 * @param positions positions that the model was trained for: {@code max_position_embeddings}
 * @param window number of positions that attention sees, including its own: {@code sliding_window}, if it is less than
 *     {@code positions}
 * @param endIds ids that end an answer, from generation_config.json or config.json
 */
public record DecoderConfig(
        int vocabulary,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int positions,
        OptionalInt window,
        float rmsNormEps,
        RopeConfig rope,
        boolean tiedEmbeddings,
        List<Integer> endIds) {

    /** @throws IllegalArgumentException if the window is not shorter than the positions */
    public DecoderConfig {
        if (window.isPresent() && (window.getAsInt() < 1 || window.getAsInt() >= positions)) {
            throw new IllegalArgumentException(
                    "window must be from 1 to " + (positions - 1) + ", is " + window.getAsInt());
        }
        endIds = List.copyOf(endIds);
    }

    /**
     * Most tokens of prompt and answer together. Within a window all tokens see each other, so a context of its length
     * loses nothing.
     */
    public int contextTokens() {
        return window.orElse(positions);
    }
}

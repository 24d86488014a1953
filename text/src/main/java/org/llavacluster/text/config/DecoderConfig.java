package org.llavacluster.text.config;

import java.util.List;

/**
 * A LLaMA or Mistral text model.
 *
 * @param vocabulary rows of the embedding table
 * @param contextTokens positions that the model was trained for: {@code max_position_embeddings}
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
        int contextTokens,
        float rmsNormEps,
        RopeConfig rope,
        boolean tiedEmbeddings,
        List<Integer> endIds) {

    public DecoderConfig {
        endIds = List.copyOf(endIds);
    }
}

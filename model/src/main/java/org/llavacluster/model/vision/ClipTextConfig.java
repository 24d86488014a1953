package org.llavacluster.model.vision;

import org.llavacluster.modelio.config.VisionConfig.Activation;

/**
 * CLIP's text tower.
 *
 * @param vocabulary rows of the embedding table
 * @param positions ids of a text, with those that fill it up
 * @param endId the id whose row stands for the text
 */
public record ClipTextConfig(
        int vocabulary,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int positions,
        int endId,
        float layerNormEps,
        Activation activation) {

    public ClipTextConfig {
        if (vocabulary < 1 || layers < 1 || heads < 1 || hiddenSize % heads != 0 || positions < 2) {
            throw new IllegalArgumentException("text tower: vocabulary " + vocabulary + ", layers " + layers + ", "
                    + heads + " heads for a width of " + hiddenSize + ", " + positions + " positions");
        }
        if (endId < 0 || endId >= vocabulary) {
            throw new IllegalArgumentException("text tower: end id " + endId + " of " + vocabulary);
        }
    }
}

package org.llavacluster.modelio.config;

/**
 * The layers between vision features and decoder embeddings.
 *
 * @param inputSize columns of the features
 * @param hiddenSize columns of the embeddings
 */
public record ProjectorConfig(Kind kind, int inputSize, int hiddenSize, boolean bias) {

    /** One linear layer, or two with an exact GELU between them. */
    public enum Kind {
        LINEAR,
        MLP2X_GELU
    }
}

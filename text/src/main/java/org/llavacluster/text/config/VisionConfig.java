package org.llavacluster.text.config;

import java.util.List;

/**
 * A CLIP vision transformer and which of its features LLaVA takes.
 *
 * @param featureLayers indices into the hidden states, 0 for the input of the first layer, {@code layers} for the output of the
 *     last: already non-negative. More than one are concatenated on the feature axis
 * @param keepClassRow "full" features: the class row stays in front of the patches
 */
public record VisionConfig(
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int channels,
        int imageSize,
        int patchSize,
        float layerNormEps,
        Activation activation,
        List<Integer> featureLayers,
        boolean keepClassRow) {

    public VisionConfig {
        featureLayers = List.copyOf(featureLayers);
    }

    /** What the MLP of a layer uses. */
    public enum Activation {
        QUICK_GELU,
        GELU
    }

    /** Patches along one side of a tile. */
    public int gridSide() {
        return imageSize / patchSize;
    }

    /** Rows of features that one tile gives. */
    public int rowsPerTile() {
        return gridSide() * gridSide() + (keepClassRow ? 1 : 0);
    }

    /** Columns of the features. */
    public int features() {
        return hiddenSize * featureLayers.size();
    }
}

package org.llavacluster.modelio.config;

import java.util.List;

/**
 * A CLIP vision transformer and the features that LLaVA uses of it.
 *
 * @param featureLayers non-negative indices into the hidden states: 0 is the input of the first layer, {@code layers}
 *     the output of the last. Several are concatenated along the feature axis
 * @param keepClassRow whether the class row stays in front of the patches ("full" features)
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

    /** The activation of the MLP. */
    public enum Activation {
        QUICK_GELU,
        GELU
    }

    /** Patches along one side of a tile. */
    public int gridSide() {
        return imageSize / patchSize;
    }

    /** Rows of features per tile. */
    public int rowsPerTile() {
        return gridSide() * gridSide() + (keepClassRow ? 1 : 0);
    }

    /** Columns of the features. */
    public int features() {
        return hiddenSize * featureLayers.size();
    }
}

package org.llavacluster.training.run;

/**
 * How CLIP is trained. The defaults of the optimiser are those of CLIP's article (arXiv 2103.00020, table 19).
 *
 * @param rate the highest learning rate
 * @param batch pairs of an update, among which each image has to find its caption
 * @param epochs how often every image is learned from, each time with one of its captions
 * @param maxUpdates the run ends after that many updates at the latest
 * @param warmupRatio part of the updates before the highest rate
 * @param decay of weights that are neither biases nor scales of norms
 * @param maxNorm largest norm of the gradients
 * @param textLayers layers of the text tower, whose width and heads are those of the vision tower
 * @param positions ids of a caption, longer ones are cut
 * @param seed of the text tower's first weights and of the order of images
 */
public record ContrastiveSettings(
        double rate,
        int batch,
        int epochs,
        int maxUpdates,
        double warmupRatio,
        double decay,
        double maxNorm,
        int textLayers,
        int positions,
        long seed) {

    public ContrastiveSettings {
        if (batch < 2) {
            throw new IllegalArgumentException("a batch must have at least 2 pairs, not " + batch);
        }
        if (epochs < 1 || maxUpdates < 1 || textLayers < 1 || positions < 3) {
            throw new IllegalArgumentException(
                    "epochs, updates and text layers must be at least 1, positions of a caption at least 3");
        }
    }
}

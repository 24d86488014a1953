package org.llavacluster.training.run;

import java.util.Objects;
import org.llavacluster.training.data.TrainingTemplate;

/**
 * What a run does. Two runs with equal settings and data give equal bits.
 *
 * @param rate the highest learning rate
 * @param batch samples of an update
 * @param together samples that are computed together; the rest of an update follows
 * @param epochs how often every sample is learned from
 * @param maxUpdates the run ends after that many updates at the latest
 * @param warmupRatio part of the updates before the highest rate
 * @param decay of weights that are neither biases nor scales of norms
 * @param maxNorm largest norm of the gradients
 * @param maxLength ids of a sample, the image's rows among them
 * @param groupByLength whether an update holds samples of one modality and similar lengths
 * @param seed of the order of samples
 */
public record FineTuningSettings(
        TrainingStage stage,
        TrainingTemplate template,
        double rate,
        int batch,
        int together,
        int epochs,
        int maxUpdates,
        double warmupRatio,
        double decay,
        double maxNorm,
        int maxLength,
        boolean groupByLength,
        long seed) {

    public FineTuningSettings {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(template, "template");
        if (batch < 1 || together < 1 || epochs < 1 || maxUpdates < 1 || maxLength < 2) {
            throw new IllegalArgumentException(
                    "batch, samples together, epochs, updates and length must be at least 1");
        }
        if (batch % together != 0) {
            throw new IllegalArgumentException(
                    "a batch of " + batch + " is not a multiple of the " + together + " samples computed together");
        }
    }

    int batches() {
        return batch / together;
    }
}

package org.llavacluster.training.run;

import java.util.List;
import org.llavacluster.engine.training.AdamWStep;
import org.llavacluster.engine.training.LearningModel;

/**
 * Updates of a model, one after the other. Every target of an update weighs the same, in whichever of its batches it
 * is: the losses of all batches are summed and divided by the number of all targets.
 */
public final class TrainingRun {

    private final LearningModel model;
    private final UpdateSettings settings;

    public TrainingRun(LearningModel model, UpdateSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /**
     * Makes one update.
     *
     * @param update counted from 0
     * @param batches those without a target are left out
     * @throws DivergedException if the loss or a gradient is not finite; no weight has moved then
     * @throws IllegalArgumentException if no sample has a target
     */
    public UpdateReport update(int update, List<LearningBatch> batches) {
        List<String> records =
                batches.stream().flatMap(batch -> batch.records().stream()).toList();
        List<LearningBatch> inputs =
                batches.stream().filter(batch -> batch.size() > 0).toList();
        int targets = inputs.stream().mapToInt(LearningBatch::size).sum();
        if (targets == 0) {
            throw new IllegalArgumentException("update " + update + " has nothing to learn");
        }
        double sum = 0;
        for (LearningBatch batch : inputs) {
            for (float loss : model.accumulate(batch.inputs(), batch.targets(), 1f / targets)) {
                sum += loss;
            }
        }
        double loss = finite("loss", sum / targets, update, records);
        double norm = finite("gradient's norm", model.gradientNorm(), update, records);
        model.update(new AdamWStep(
                update + 1,
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.clipping().factor(norm),
                weight -> settings.group(weight, update)));
        return new UpdateReport(update, loss, norm, targets, records);
    }

    private static double finite(String what, double value, int update, List<String> records) {
        if (!Double.isFinite(value)) {
            throw new DivergedException(what, value, update, records);
        }
        return value;
    }
}

package org.llavacluster.training.run;

import java.util.Objects;
import java.util.function.Function;
import org.llavacluster.engine.training.AdamWGroup;
import org.llavacluster.training.optimiser.CosineSchedule;
import org.llavacluster.training.optimiser.GradientClipping;
import org.llavacluster.training.optimiser.WeightDecay;

/**
 * How an update moves the weights.
 *
 * @param schedules the learning rate of each weight by its name
 * @param beta1 of AdamW
 * @param beta2 of AdamW
 * @param epsilon of AdamW
 */
public record UpdateSettings(
        Function<String, CosineSchedule> schedules,
        WeightDecay decay,
        GradientClipping clipping,
        double beta1,
        double beta2,
        double epsilon) {

    public UpdateSettings {
        Objects.requireNonNull(schedules, "schedules");
        Objects.requireNonNull(decay, "decay");
        Objects.requireNonNull(clipping, "clipping");
    }

    /** One schedule for all weights, no decay, and the other settings of Hugging Face's trainer. */
    public static UpdateSettings of(CosineSchedule schedule) {
        return of(schedule, new WeightDecay(0), new GradientClipping(1));
    }

    /** One schedule for all weights, and AdamW as Hugging Face's trainer sets it. */
    static UpdateSettings of(CosineSchedule schedule, WeightDecay decay, GradientClipping clipping) {
        return new UpdateSettings(_ -> schedule, decay, clipping, 0.9, 0.999, 1e-8);
    }

    AdamWGroup group(String weight, int update) {
        return new AdamWGroup(schedules.apply(weight).rate(update), decay.of(weight));
    }
}

package org.llavacluster.modelio.config;

import java.util.OptionalDouble;

/** Rotary position embedding: base and scaling. */
public record RopeConfig(double theta, Scaling scaling) {

    /** How frequencies are changed for contexts longer than in training. */
    public sealed interface Scaling {

        record None() implements Scaling {}

        record Linear(double factor) implements Scaling {}

        record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
                implements Scaling {}

        /** arXiv 2309.00071. */
        record Yarn(
                double factor,
                double betaFast,
                double betaSlow,
                int originalContext,
                OptionalDouble attentionFactor,
                boolean truncate)
                implements Scaling {}
    }
}

package org.llavacluster.model.decoder;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.modelio.config.RopeConfig;
import org.llavacluster.modelio.config.RopeConfig.Scaling;

/**
 * Angles of the rotary position embedding (arXiv 2104.09864), as Hugging Face transformers computes them.
 *
 * @param frequencies {@code [headDim / 2]}, radians per position
 * @param scale factor on cosine and sine
 */
record RotaryFrequencies(List<Float> frequencies, float scale) {

    RotaryFrequencies {
        frequencies = List.copyOf(frequencies);
    }

    static RotaryFrequencies of(RopeConfig rope, int headDim) {
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < headDim / 2; i++) {
            // Exponent and power are rounded to float32 where the reference rounds them: at position 4096 one unit in
            // the last place of the highest frequencies is 1e-4 radians.
            float exponent = (float) (2 * i) / headDim;
            float period = (float) Math.pow(rope.theta(), exponent);
            frequencies.add((float) scaled(rope, headDim, i, period));
        }
        return new RotaryFrequencies(frequencies, scale(rope.scaling()));
    }

    private static double scaled(RopeConfig rope, int headDim, int i, float period) {
        float frequency = 1 / period;
        return switch (rope.scaling()) {
            case Scaling.None() -> frequency;
            case Scaling.Linear linear -> frequency / linear.factor();
            case Scaling.Llama3 llama3 -> llama3(llama3, frequency);
            case Scaling.Yarn yarn -> yarn(yarn, ramp(yarn, rope.theta(), headDim, i), period);
        };
    }

    /** Llama 3.1: long waves are stretched, short ones kept, and those between are blended. */
    private static double llama3(Scaling.Llama3 scaling, float frequency) {
        double waves = scaling.originalContext() * frequency / (2 * Math.PI);
        if (waves > scaling.highFreqFactor()) {
            return frequency;
        }
        double stretched = frequency / scaling.factor();
        if (waves < scaling.lowFreqFactor()) {
            return stretched;
        }
        double kept = (waves - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
        return (1 - kept) * stretched + kept * frequency;
    }

    /** YaRN in float32 step by step, as the reference does, because its rounding is visible for small ramps. */
    private static float yarn(Scaling.Yarn scaling, float interpolated, float period) {
        float extrapolated = 1 - interpolated;
        float stretched = 1 / ((float) scaling.factor() * period);
        return stretched * (1 - extrapolated) + 1 / period * extrapolated;
    }

    /**
     * To which degree in [0, 1] the i-th pair is interpolated rather than extrapolated: arXiv 2309.00071, section 3.2.
     */
    private static float ramp(Scaling.Yarn scaling, double theta, int headDim, int i) {
        double fast = correctionDim(scaling.betaFast(), scaling, theta, headDim);
        double slow = correctionDim(scaling.betaSlow(), scaling, theta, headDim);
        double low = Math.max(scaling.truncate() ? Math.floor(fast) : fast, 0);
        double high = Math.min(scaling.truncate() ? Math.ceil(slow) : slow, headDim - 1);
        // The reference's guard against a ramp of width 0.
        double width = low == high ? 0.001 : high - low;
        return Math.clamp((i - (float) low) / (float) width, 0f, 1f);
    }

    /** The dimension that makes that many rotations over the original context. */
    private static double correctionDim(double rotations, Scaling.Yarn scaling, double theta, int headDim) {
        return headDim * Math.log(scaling.originalContext() / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static float scale(Scaling scaling) {
        return switch (scaling) {
            case Scaling.None() -> 1;
            case Scaling.Linear _ -> 1;
            case Scaling.Llama3 _ -> 1;
            case Scaling.Yarn yarn -> (float) yarn.attentionFactor().orElseGet(() -> yarnScale(yarn.factor()));
        };
    }

    private static double yarnScale(double factor) {
        return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
    }
}

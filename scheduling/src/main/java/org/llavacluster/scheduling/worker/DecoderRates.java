package org.llavacluster.scheduling.worker;

import java.util.List;

/**
 * How fast decoders compute, as they report it: measured over their steps, so that a client that does not read, or a
 * decoder that has nothing to do, makes no rate lower.
 *
 * @param promptTokensPerSecond 0 while unknown
 * @param tokensPerSecond of one answer; 0 while unknown
 */
public record DecoderRates(double promptTokensPerSecond, double tokensPerSecond) {

    private static final double SECOND = 1e9;

    /** The best of each rate; unknown where no decoder has measured it. */
    public static DecoderRates fastest(List<WorkerNode> decoders) {
        double prompts = 0;
        double tokens = 0;
        for (WorkerNode decoder : decoders) {
            prompts = Math.max(prompts, decoder.ratePerSecond(0));
            tokens = Math.max(tokens, decoder.tokensPerSecond());
        }
        return new DecoderRates(prompts, tokens);
    }

    /** Time to compute that much of a prompt; 0 while unknown. */
    public double promptNanos(double tokens) {
        return promptTokensPerSecond == 0 ? 0 : tokens / promptTokensPerSecond * SECOND;
    }

    /** Time to generate so many tokens of one answer; 0 while unknown. */
    public double answerNanos(double tokens) {
        return tokensPerSecond == 0 ? 0 : tokens / tokensPerSecond * SECOND;
    }
}

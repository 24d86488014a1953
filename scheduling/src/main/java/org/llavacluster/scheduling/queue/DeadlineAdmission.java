package org.llavacluster.scheduling.queue;

import org.llavacluster.scheduling.worker.DecoderRates;

/**
 * Whether a request can be done by its deadline: the time that it waits in front of vision nodes and decoders, from the
 * rate at which these queues are served, and the time that it then takes.
 *
 * <p>A request is refused for what is known, and only for that. An answer counts as long as answers mostly are, not as
 * long as it may be. Its tokens take what the fastest decoder reports, which measures its own steps: how fast clients
 * read says nothing about decoders. Everything else is the mean of several measurements of the last seconds; while
 * there are fewer, as just after a start, it counts as no time at all.
 */
public final class DeadlineAdmission {

    private static final double RATE_MEMORY_NANOS = 5e9;
    private static final long MEMORY_NANOS = 10_000_000_000L;
    private static final int LEAST_VALUES = 5;
    /** Times are means: so much more is counted, else half of the requests that just fit would be late. */
    private static final double MARGIN = 1.2;

    private static final long SHORTEST_RETRY_NANOS = 100_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final StartRate visionStarts = new StartRate(RATE_MEMORY_NANOS);
    private final StartRate decoderStarts = new StartRate(RATE_MEMORY_NANOS);
    private final RecentMean encodeNanos = new RecentMean(MEMORY_NANOS, LEAST_VALUES);
    private final RecentMean firstTokenNanos = new RecentMean(MEMORY_NANOS, LEAST_VALUES);
    private final RecentMean promptTokens = new RecentMean(MEMORY_NANOS, LEAST_VALUES);
    private final RecentMean answerTokens = new RecentMean(MEMORY_NANOS, LEAST_VALUES);
    private final RecentMean holdNanos = new RecentMean(MEMORY_NANOS, 1);

    /** Service of the queue in front of the vision nodes, in tiles. */
    public StartRate visionStarts() {
        return visionStarts;
    }

    /** Service of the queue in front of the decoders, in tokens. */
    public StartRate decoderStarts() {
        return decoderStarts;
    }

    /** An image was encoded so long after its node was chosen. */
    public void encoded(long nowNanos, double nanos) {
        encodeNanos.add(nowNanos, nanos);
    }

    /**
     * The first token came so long after a decoder was chosen.
     *
     * @param tokens of the prompt, whether the decoder had them in its cache or not: the next prompts will be alike
     */
    public void firstToken(long nowNanos, double nanos, int tokens) {
        firstTokenNanos.add(nowNanos, nanos);
        promptTokens.add(nowNanos, tokens);
    }

    /**
     * An answer is whole.
     *
     * @param decoderNanos for which it had its place at a decoder
     */
    public void answered(long nowNanos, double decoderNanos, int tokens) {
        answerTokens.add(nowNanos, tokens);
        holdNanos.add(nowNanos, decoderNanos);
    }

    /** Mean time for which a request has its place at a decoder; 0 while unknown. */
    public double holdNanos(long nowNanos) {
        return holdNanos.get(nowNanos, 0);
    }

    /**
     * Tokens that a request is expected to take of a decoder: its prompt, and as many as answers mostly have; while
     * that is unknown, as many as it may have.
     */
    public double expectedTokens(long nowNanos, int prompt, int maxTokens) {
        return prompt + Math.min(maxTokens, answerTokens.get(nowNanos, maxTokens));
    }

    /** From the choice of the vision node to the last token. */
    public double withImages(long nowNanos, int prompt, int maxTokens, DecoderRates rates) {
        return MARGIN * encodeNanos.get(nowNanos, 0) + textOnly(nowNanos, prompt, maxTokens, rates);
    }

    /**
     * From the choice of the decoder to the last token.
     *
     * @param prompt tokens, whether a decoder has them in its cache or not
     * @param rates of the fastest decoders that it could go to
     */
    public double textOnly(long nowNanos, int prompt, int maxTokens, DecoderRates rates) {
        double further = Math.min(maxTokens, answerTokens.get(nowNanos, 1)) - 1;
        return firstTokenNanos(nowNanos, prompt, rates) + rates.answerNanos(Math.max(0, further));
    }

    /**
     * In proportion to the usual prompt and its time. The part of that time that is the same for every prompt does not
     * grow: so what a longer prompt has more counts at most as what decoders take to compute it.
     */
    private double firstTokenNanos(long nowNanos, int prompt, DecoderRates rates) {
        double nanos = firstTokenNanos.get(nowNanos, 0);
        double usual = promptTokens.get(nowNanos, prompt);
        double proportional = nanos * prompt / usual;
        return Math.min(proportional, nanos + rates.promptNanos(Math.max(0, prompt - usual)));
    }

    /** In front of workers, for a queue that would let it start after that time at its present rate. */
    public static double waiting(double nanos) {
        return MARGIN * nanos;
    }

    /** When a request that was refused because it would be so late is worth another try. */
    public static long retryNanos(double lateNanos) {
        return Math.clamp((long) lateNanos, SHORTEST_RETRY_NANOS, LONGEST_RETRY_NANOS);
    }
}

package org.llavacluster.scheduling.queue;

/**
 * Whether a request can be done by its deadline: the time that it waits in front of vision nodes and decoders, from the
 * rate at which these queues are served, and the time that it then takes, from what earlier requests took. All figures
 * are measured within the last seconds; while there are none, everything can be done.
 */
public final class DeadlineAdmission {

    private static final double RATE_MEMORY_NANOS = 5e9;
    private static final long MEMORY_NANOS = 10_000_000_000L;
    /** Times are means: so much more is counted, else half of the requests that just fit would be late. */
    private static final double MARGIN = 1.2;

    private static final long SHORTEST_RETRY_NANOS = 100_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final StartRate visionStarts = new StartRate(RATE_MEMORY_NANOS);
    private final StartRate decoderStarts = new StartRate(RATE_MEMORY_NANOS);
    private final RecentMean encodeNanos = new RecentMean(0, MEMORY_NANOS);
    private final RecentMean firstTokenNanos = new RecentMean(0, MEMORY_NANOS);
    private final RecentMean promptTokens = new RecentMean(1, MEMORY_NANOS);
    private final RecentMean tokenNanos = new RecentMean(0, MEMORY_NANOS);
    private final RecentMean holdNanos = new RecentMean(0, MEMORY_NANOS);

    /** Of the tokens that an answer may have, those that it has. */
    private final RecentMean answerShare = new RecentMean(1, MEMORY_NANOS);

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
     * @param streamNanos from its first to its last token
     * @param decoderNanos for which it had its place at a decoder
     */
    public void answered(long nowNanos, double streamNanos, double decoderNanos, int tokens, int maxTokens) {
        if (tokens > 1) {
            tokenNanos.add(nowNanos, streamNanos / (tokens - 1));
        }
        answerShare.add(nowNanos, (double) tokens / maxTokens);
        holdNanos.add(nowNanos, decoderNanos);
    }

    /** Mean time for which a request has its place at a decoder; 0 while unknown. */
    public double holdNanos(long nowNanos) {
        return holdNanos.get(nowNanos);
    }

    /**
     * Tokens that a request is expected to take of a decoder: its prompt, and what answers mostly have of what they
     * may.
     */
    public double expectedTokens(long nowNanos, int promptTokens, int maxTokens) {
        return promptTokens + answerShare.get(nowNanos) * maxTokens;
    }

    /** From the choice of the vision node to the last token. */
    public double withImages(long nowNanos, int promptTokens, int maxTokens) {
        return MARGIN * encodeNanos.get(nowNanos) + textOnly(nowNanos, promptTokens, maxTokens);
    }

    /** From the choice of the decoder to the last token. */
    public double textOnly(long nowNanos, int tokens, int maxTokens) {
        return firstTokenNanos.get(nowNanos) * tokens / promptTokens.get(nowNanos)
                + tokenNanos.get(nowNanos) * answerShare.get(nowNanos) * maxTokens;
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

package org.llavacluster.gateway.scaling;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.llavacluster.scheduling.queue.RecentMean;

/** How long a request has its place at a decoder: the mean answer's tokens, at the rate of a decoder's stream. */
final class AnswerTime {

    /** While no answer has ended. */
    private static final double UNKNOWN_TOKENS = 128;

    /** While no decoder has measured it. */
    private static final double UNKNOWN_TOKENS_PER_SECOND = 25;

    private static final double SHORTEST_SECONDS = 0.05;

    private final MeterRegistry metrics;
    private final RecentMean tokens = new RecentMean(Duration.ofHours(1).toNanos(), 1);
    private double tokensBefore;
    private double answersBefore;

    AnswerTime(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** Takes note of the answers that ended since the last call. */
    void sample(long nowNanos) {
        double tokensNow = count("llava.completion.tokens");
        double answersNow = count("llava.requests.completed");
        if (answersNow > answersBefore) {
            tokens.add(nowNanos, (tokensNow - tokensBefore) / (answersNow - answersBefore));
            tokensBefore = tokensNow;
            answersBefore = answersNow;
        }
    }

    private double count(String counter) {
        return metrics.get(counter).counter().count();
    }

    /** @param tokensPerSecond of one stream of the decoder; 0 while unknown */
    double seconds(long nowNanos, double tokensPerSecond) {
        double rate = tokensPerSecond > 0 ? tokensPerSecond : UNKNOWN_TOKENS_PER_SECOND;
        return Math.max(SHORTEST_SECONDS, tokens.get(nowNanos, UNKNOWN_TOKENS) / rate);
    }
}

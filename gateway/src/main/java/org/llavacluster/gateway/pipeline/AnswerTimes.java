package org.llavacluster.gateway.pipeline;

import java.time.Duration;
import org.llavacluster.proto.v1.Timings;

/** Times of the parts of one answer, measured from the request's arrival. */
final class AnswerTimes {

    private final RequestScope scope;
    private final GatewayMetrics metrics;

    private Duration encoded = Duration.ZERO;
    private Duration firstToken = Duration.ZERO;

    /** For each choice the time of its newest tokens; null before. */
    private final Duration[] newest;

    private boolean any;

    AnswerTimes(RequestScope scope, int choices, GatewayMetrics metrics) {
        this.newest = new Duration[choices];
        this.scope = scope;
        this.metrics = metrics;
    }

    /** All images are encoded. */
    void encoded() {
        encoded = scope.elapsed();
    }

    /** That many tokens of a choice arrived together. */
    void tokens(int choice, int count) {
        Duration now = scope.elapsed();
        if (!any) {
            any = true;
            firstToken = now;
            metrics.firstToken(now);
            scope.trace().firstToken();
        }
        if (newest[choice] != null) {
            Duration each = now.minus(newest[choice]).dividedBy(Math.max(1, count));
            for (int i = 0; i < count; i++) {
                metrics.betweenTokens(each);
            }
        }
        newest[choice] = now;
    }

    Timings timings() {
        return Timings.newBuilder()
                .setEncodeMicros(micros(encoded))
                .setTimeToFirstTokenMicros(micros(firstToken))
                .setTotalMicros(micros(scope.elapsed()))
                .build();
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}

package org.llavacluster.gateway.pipeline;

import java.time.Duration;
import org.llavacluster.proto.v1.Timings;

/** When the parts of one answer came, from the request's arrival on. */
final class AnswerTimes {

    private final RequestScope scope;
    private final GatewayMetrics metrics;

    private Duration encoded = Duration.ZERO;
    private Duration firstToken = Duration.ZERO;
    private Duration lastTokens = Duration.ZERO;
    private boolean any;

    AnswerTimes(RequestScope scope, GatewayMetrics metrics) {
        this.scope = scope;
        this.metrics = metrics;
    }

    /** All images are encoded. */
    void encoded() {
        encoded = scope.elapsed();
    }

    /** That many tokens came together. */
    void tokens(int count) {
        Duration now = scope.elapsed();
        if (!any) {
            any = true;
            firstToken = now;
            metrics.firstToken(now);
        } else {
            Duration each = now.minus(lastTokens).dividedBy(Math.max(1, count));
            for (int i = 0; i < count; i++) {
                metrics.betweenTokens(each);
            }
        }
        lastTokens = now;
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

package org.llavacluster.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.time.SettableClock;

class StageMetricsTest {

    @Test
    void shouldCountAndTimeTheStagesOfAProcess() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SettableClock clock = new SettableClock();
        StageMetrics metrics = new StageMetrics(registry, clock, Stage.ENCODE, Stage.PULL_FEATURES);
        assertThat(registry.get("llava.stage.calls")
                        .tag("stage", "pull_features")
                        .counter()
                        .count())
                .isZero();
        StageMetrics.Running first = metrics.begin(Stage.ENCODE);
        clock.advance(Duration.ofMillis(250));
        first.end(true);
        metrics.begin(Stage.ENCODE).end(false);
        assertThat(registry.get("llava.stage.calls")
                        .tag("stage", "encode")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("llava.stage.failures")
                        .tag("stage", "encode")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("llava.stage").tag("stage", "encode").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(250);
        assertThatThrownBy(() -> metrics.begin(Stage.PREFILL)).hasMessageContaining("no stage prefill");
    }
}

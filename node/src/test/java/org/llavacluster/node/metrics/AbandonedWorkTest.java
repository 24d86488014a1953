package org.llavacluster.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class AbandonedWorkTest {

    @Test
    void shouldCountTheTimeAfterTheDepartureOnly() {
        Departure departure = new Departure();
        assertThat(departure.within(100, 200)).isZero();
        departure.at(150);
        departure.at(190);
        assertThat(departure.within(100, 200)).isEqualTo(50);
        assertThat(departure.within(160, 200)).isEqualTo(40);
        assertThat(departure.within(100, 140)).isZero();
    }

    @Test
    void shouldCountAcrossTheWrapOfTheClock() {
        Departure departure = new Departure();
        departure.at(Long.MAX_VALUE - 9);
        assertThat(departure.within(Long.MAX_VALUE - 19, Long.MIN_VALUE + 10)).isEqualTo(20);
    }

    @Test
    void shouldHaveASeriesForEachStageFromTheStart() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AbandonedWork abandoned = new AbandonedWork(registry, Stage.ENCODE, Stage.PREFILL);
        abandoned.spent(Stage.ENCODE, 1_500_000_000);
        abandoned.spent(Stage.ENCODE, 0);
        assertThat(seconds(registry, Stage.ENCODE)).isEqualTo(1.5);
        assertThat(seconds(registry, Stage.PREFILL)).isZero();
    }

    private static double seconds(SimpleMeterRegistry registry, Stage stage) {
        return registry.get("llava.abandoned.work.seconds")
                .tag("stage", stage.label())
                .counter()
                .count();
    }
}

package org.llavacluster.scheduling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartRateTest {

    @Test
    void shouldMeasureOnlyWhileSomethingWaits() {
        StartRate rate = new StartRate(1_000);
        assertThat(rate.nanosFor(100)).isZero();
        rate.waiting(0, true);
        for (int now = 10; now <= 1_000; now += 10) {
            rate.started(now, 2);
        }
        assertThat(rate.nanosFor(100)).isBetween(480.0, 520.0);
        rate.waiting(1_000, false);
        rate.waiting(1_000_000, true);
        assertThat(rate.nanosFor(100)).as("an idle time is not counted").isBetween(480.0, 520.0);
    }

    @Test
    void shouldFollowAChange() {
        StartRate rate = new StartRate(1_000);
        rate.waiting(0, true);
        for (int now = 10; now <= 5_000; now += 10) {
            rate.started(now, 2);
        }
        for (int now = 5_010; now <= 10_000; now += 10) {
            rate.started(now, 1);
        }
        assertThat(rate.nanosFor(100)).isBetween(980.0, 1_020.0);
    }
}

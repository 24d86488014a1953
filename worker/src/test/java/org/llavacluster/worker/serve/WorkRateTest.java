package org.llavacluster.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WorkRateTest {

    @Test
    void shouldBeZeroBeforeAnyWork() {
        assertThat(new WorkRate().perSecond()).isZero();
    }

    @Test
    void shouldFollowTheLatestWork() {
        WorkRate rate = new WorkRate();
        rate.add(10, 1_000_000_000);
        assertThat(rate.perSecond()).isEqualTo(10);
        for (int i = 0; i < 40; i++) {
            rate.add(50, 500_000_000);
        }
        assertThat(rate.perSecond()).isCloseTo(100, within(0.1));
    }
}

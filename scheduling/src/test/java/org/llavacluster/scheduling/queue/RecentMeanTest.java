package org.llavacluster.scheduling.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecentMeanTest {

    private static final double UNKNOWN = -1;

    private final RecentMean mean = new RecentMean(1_000, 3);

    @Test
    void shouldKnowNothingBeforeItHasEnoughValues() {
        assertThat(mean.get(0, UNKNOWN)).isEqualTo(UNKNOWN);
        mean.add(0, 5);
        mean.add(0, 5);
        assertThat(mean.get(0, UNKNOWN)).isEqualTo(UNKNOWN);
        mean.add(0, 8);
        assertThat(mean.get(0, UNKNOWN)).isEqualTo(6);
    }

    @Test
    void shouldForgetAnOutlierOfTheStart() {
        mean.add(0, 1_000);
        for (int i = 0; i < 40; i++) {
            mean.add(i, 10);
        }
        assertThat(mean.get(40, UNKNOWN)).isCloseTo(10, within(5.0));
    }

    @Test
    void shouldCountEachOfFewValuesAlike() {
        mean.add(0, 100);
        for (int i = 0; i < 9; i++) {
            mean.add(i, 0);
        }
        assertThat(mean.get(9, UNKNOWN)).isCloseTo(10, within(1e-9));
    }

    @Test
    void shouldKnowNothingOnceItsValuesAreOld() {
        for (int i = 0; i < 3; i++) {
            mean.add(0, 5);
        }
        assertThat(mean.get(999, UNKNOWN)).isEqualTo(5);
        assertThat(mean.get(1_000, UNKNOWN)).isEqualTo(UNKNOWN);
        mean.add(2_000, 7);
        assertThat(mean.get(2_000, UNKNOWN)).isEqualTo(UNKNOWN);
    }
}

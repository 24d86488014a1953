package org.llavacluster.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CounterRandomTest {

    /** The known answers of the authors' Random123 library, first two words of four. */
    @Test
    void shouldGiveTheKnownAnswersOfPhilox() {
        assertThat(CounterRandom.bits(0, 0, 0)).isEqualTo(0xe169c58d_6627e8d5L);
        assertThat(CounterRandom.bits(-1, -1, -1)).isEqualTo(0x41c83b0e_408f276dL);
        assertThat(CounterRandom.bits(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL))
                .isEqualTo(0x94fdcceb_d16cfe09L);
    }

    @Test
    void shouldBeUniform() {
        int draws = 200_000;
        int[] buckets = new int[10];
        double sum = 0;
        for (int i = 0; i < draws; i++) {
            double value = CounterRandom.uniform(42, i);
            assertThat(value).isBetween(0.0, Math.nextDown(1.0));
            buckets[(int) (value * buckets.length)]++;
            sum += value;
        }
        assertThat(sum / draws).isBetween(0.497, 0.503);
        for (int count : buckets) {
            // Ten standard deviations of a binomial count.
            assertThat(count).isBetween(18_650, 21_350);
        }
    }
}

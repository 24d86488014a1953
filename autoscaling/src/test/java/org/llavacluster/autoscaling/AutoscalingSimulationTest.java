package org.llavacluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The autoscaler's arithmetic over the meter's signal. */
class AutoscalingSimulationTest {

    private static final int DAY = 86_400;
    private static final int TEN_MINUTES = 600;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldFollowADailyCurveWithoutFlapping(long seed) {
        SimulatedPool pool = new SimulatedPool(second -> 11 - 9 * Math.cos(2 * Math.PI * second / DAY), seed, 40);
        pool.run(DAY);
        assertThat(pool.flaps(TEN_MINUTES)).as("%s", pool.changes()).isZero();
        // 20 requests a second at noon are the work of 10 pods, 2 at midnight that of one.
        assertThat(pool.replicasAt(DAY / 2)).isBetween(11, 15);
        assertThat(pool.replicas()).isBetween(1, 3);
        assertThat(pool.shareThatWaitedLongerThan(1)).isLessThan(0.01);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldAnswerABurstAtOnceAndGoBackOnce(long seed) {
        int burst = 600;
        int end = 1_800;
        SimulatedPool pool = new SimulatedPool(second -> second >= burst && second < end ? 30 : 1, seed, 40);
        pool.run(3_600);
        // Grown with the first sync that sees it.
        assertThat(pool.replicasAt(burst + 2 * SimulatedAutoscaler.SYNC_SECONDS))
                .isGreaterThan(pool.replicasAt(burst));
        // 30 requests a second are the work of 15 pods.
        assertThat(pool.replicasAt(burst + 120)).isGreaterThanOrEqualTo(15);
        assertThat(pool.flaps(TEN_MINUTES)).as("%s", pool.changes()).isZero();
        assertThat(pool.queued()).isZero();
        assertThat(pool.replicas()).isLessThanOrEqualTo(2);
    }

    /** The queue is empty all the time, and the pool must not shrink because of that. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldHoldAPoolThatKeepsUp(long seed) {
        SimulatedPool pool = new SimulatedPool(_ -> 12, seed, 40);
        pool.run(7_200);
        assertThat(pool.replicasAt(1_800)).isBetween(6, 10);
        assertThat(pool.flaps(TEN_MINUTES)).as("%s", pool.changes()).isZero();
        assertThat(pool.changes())
                .filteredOn(change -> change.second() > 1_800)
                .allMatch(change -> change.replicas() >= 6);
    }
}

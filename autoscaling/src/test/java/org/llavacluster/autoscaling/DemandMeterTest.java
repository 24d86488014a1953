package org.llavacluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemandMeterTest {

    private static final long SECOND = 1_000_000_000L;
    private static final DemandRules RULES = new DemandRules(0.8, 0.85, 10, 30 * SECOND, 2);

    private final DemandMeter meter = new DemandMeter(RULES);

    private static List<HeldWork> workers(int count, double amount, double capacity, double rate) {
        return IntStream.range(0, count)
                .mapToObj(each -> new HeldWork("worker-" + each, amount, capacity, rate))
                .toList();
    }

    private RoleDemand steady(RoleWork work) {
        RoleDemand demand = RoleDemand.NONE;
        for (int second = 0; second <= 300; second++) {
            demand = meter.sample(second * SECOND, work);
        }
        return demand;
    }

    @Test
    void shouldKeepAPoolThatIsBusyAndHasNoQueue() {
        RoleDemand demand = steady(new RoleWork(0, workers(4, 6.4, 8, 2)));
        assertThat(demand.wantedWorkers()).isCloseTo(4, within(1e-6));
        assertThat(demand.backlogSeconds()).isCloseTo(4 * 6.4 / 2, within(1e-6));
        assertThat(demand.active()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1000", "7, 3", "100, 1", "1000, 5"})
    void shouldAlwaysWantMoreWorkersThanASaturatedPoolHas(int workers, double queued) {
        assertThat(steady(new RoleWork(queued, workers(workers, 8, 8, 2))).wantedWorkers())
                .isGreaterThan(workers * 1.1); // the autoscaler's tolerance
    }

    @Test
    void shouldCountWhatWaitsAtWorkersLikeWhatWaitsInTheQueue() {
        double atWorkers = steady(new RoleWork(0, workers(2, 18, 8, 2))).wantedWorkers();
        double inQueue = new DemandMeter(RULES)
                .sample(0, new RoleWork(20, workers(2, 8, 8, 2)))
                .wantedWorkers();
        assertThat(atWorkers).isCloseTo(inQueue, within(1e-6));
    }

    @Test
    void shouldCountNothingOfAWorkerThatIsGone() {
        steady(new RoleWork(0, workers(3, 8, 8, 2)));
        RoleDemand demand = meter.sample(301 * SECOND, new RoleWork(0, workers(1, 0, 8, 2)));
        assertThat(demand.wantedWorkers()).isLessThanOrEqualTo(1 / 0.8);
        assertThat(demand.backlogSeconds()).isZero();
        assertThat(meter.sample(302 * SECOND, RoleWork.NONE)).isEqualTo(new RoleDemand(0, 0, false));
    }

    /** A batch of one image with 5 tiles asks for five times what one of 1 tile does. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void shouldWeighWorkByItsAmountAndNotByItsRequests(int tiles) {
        double one =
                new DemandMeter(RULES).sample(0, new RoleWork(10, List.of())).wantedWorkers();
        assertThat(meter.sample(0, new RoleWork(10.0 * tiles, List.of())).wantedWorkers())
                .isCloseTo(tiles * one, within(1e-6));
    }

    @Test
    void shouldBeActiveWithWorkAndWithoutAnyWorker() {
        RoleDemand demand = meter.sample(0, new RoleWork(1, List.of()));
        assertThat(demand.active()).isTrue();
        // At the assumed rate, because none has been measured.
        assertThat(demand.backlogSeconds()).isEqualTo(0.5);
    }

    @Test
    void shouldRememberTheMeasuredRateWhileTheRoleSleeps() {
        meter.sample(0, new RoleWork(0, workers(1, 0, 8, 20)));
        assertThat(meter.sample(SECOND, new RoleWork(40, List.of())).backlogSeconds())
                .isCloseTo(2, within(1e-6));
    }

    @Test
    void shouldAverageWorkersThatAreBusyByTurns() {
        RoleDemand demand = RoleDemand.NONE;
        for (int quarter = 0; quarter < 1_200; quarter++) {
            double amount = quarter % 2 == 0 ? 5 : 0;
            demand = meter.sample(quarter * SECOND / 4, new RoleWork(0, workers(2, amount, 5, 20)));
        }
        assertThat(demand.wantedWorkers()).isCloseTo(2 * 0.5 / 0.8 / 0.85, within(0.05));
    }

    /** Between the load that lets a pool grow and the one that lets it shrink there is a band. */
    @ParameterizedTest
    @CsvSource({"6.4, 4", "5.6, 4", "5.0, 3.677", "4.0, 2.941", "7.2, 4.5"})
    void shouldShrinkAPoolOnlyToASizeThatIsNotFull(double amount, double wanted) {
        assertThat(steady(new RoleWork(0, workers(4, amount, 8, 2))).wantedWorkers())
                .isCloseTo(wanted, within(1e-3));
    }

    @Test
    void shouldRefuseWorkThatCannotBe() {
        assertThatThrownBy(() -> new HeldWork("decoder-0", -1, 8, 2)).hasMessageContaining("decoder-0");
        assertThatThrownBy(() -> new HeldWork("decoder-0", 1, 0, 2)).hasMessageContaining("capacity 0");
        assertThatThrownBy(() -> new RoleWork(Double.NaN, List.of())).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new DemandRules(0, 1, 1, 1, 1)).hasMessageContaining("busyShare 0");
    }
}

package org.llavacluster.kubernetes.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.kubernetes.cost.DeletionCostPlan.Change;

class DeletionCostPlanTest {

    private static final long SECOND = 1_000_000_000L;

    private final DeletionCostPlan plan = new DeletionCostPlan(2, 5 * SECOND);

    @Test
    void shouldWriteTheRequestsOfEachPodOnceUntilTheyChange() {
        assertThat(plan.changes(0, Map.of("d-1", 3, "d-2", 0))).containsExactly(new Change("d-1", 3));
        assertThat(plan.changes(6 * SECOND, Map.of("d-1", 3, "d-2", 0))).isEmpty();
        assertThat(plan.changes(7 * SECOND, Map.of("d-1", 0, "d-2", 0))).containsExactly(new Change("d-1", 0));
    }

    @Test
    void shouldWriteAPodAtMostOnceInAnInterval() {
        plan.changes(0, Map.of("d-1", 3));
        assertThat(plan.changes(4 * SECOND, Map.of("d-1", 4))).isEmpty();
        assertThat(plan.changes(5 * SECOND, Map.of("d-1", 5))).containsExactly(new Change("d-1", 5));
    }

    @Test
    void shouldWriteTheFurthestFirstAndTheOthersNext() {
        Map<String, Integer> work = Map.of("d-1", 1, "d-2", 9, "d-3", 5);
        assertThat(plan.changes(0, work)).containsExactly(new Change("d-2", 9), new Change("d-3", 5));
        assertThat(plan.changes(1, work)).containsExactly(new Change("d-1", 1));
    }

    @Test
    void shouldTryAgainAfterAFailure() {
        plan.changes(0, Map.of("d-1", 3));
        plan.failed(0, "d-1");
        assertThat(plan.changes(4 * SECOND, Map.of("d-1", 3))).isEmpty();
        assertThat(plan.changes(5 * SECOND, Map.of("d-1", 3))).containsExactly(new Change("d-1", 3));
    }

    @Test
    void shouldForgetPodsThatAreGone() {
        plan.changes(0, Map.of("d-1", 3));
        assertThat(plan.changes(SECOND, new HashMap<>())).isEmpty();
        plan.failed(SECOND, "d-1");
        // A new pod of that name has no annotation yet.
        assertThat(plan.changes(2 * SECOND, Map.of("d-1", 0))).isEmpty();
    }
}

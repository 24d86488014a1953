package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.vision.encode.Requester;

/** Holds the limits {@code FixedLimits.VISION_WORKING_BYTES} and {@code FixedLimits.OVERTAKING_IMAGES}. */
class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(80);
    private final List<String> granted = new ArrayList<>();

    private MemoryBudget.Reservation reserve(String name, long bytes) {
        return reserve("one", name, bytes);
    }

    private MemoryBudget.Reservation reserve(String requester, String name, long bytes) {
        return budget.reserve(new Requester("", "", "", requester), bytes, _ -> granted.add(name));
    }

    @Test
    void shouldGrantWhatFitsAndLetItOvertakeWhatDoesNot() {
        MemoryBudget.Reservation a = reserve("a", 50);
        reserve("b", 50);
        reserve("c", 1);
        assertThat(granted).containsExactly("a", "c");
        assertThat(budget.waiting()).isEqualTo(1);

        a.close();

        assertThat(granted).containsExactly("a", "c", "b");
        assertThat(budget.used()).isEqualTo(51);
    }

    @Test
    void shouldNotBeOvertakenForEver() {
        reserve("a", 70).leave();
        reserve("b", 20);
        for (int i = 0; i < MemoryBudget.PATIENCE; i++) {
            reserve("small " + i, 1).close();
        }
        reserve("held back", 1);
        assertThat(granted).hasSize(1 + MemoryBudget.PATIENCE).doesNotContain("b", "held back");
    }

    @Test
    void shouldLeaveAnEighthToSmallClaims() {
        for (int i = 0; i < 7; i++) {
            reserve("large " + i, 11);
        }
        assertThat(budget.used()).isEqualTo(66);
        reserve("small", 10);
        assertThat(granted).hasSize(7).contains("small");
        assertThat(budget.used()).isEqualTo(76);
    }

    @Test
    void shouldLetRequestersTakeTurns() {
        MemoryBudget.Reservation all = reserve("greedy", "first", 70);
        for (int i = 0; i < 8; i++) {
            reserve("greedy", "greedy " + i, 70);
        }
        reserve("other", "other", 70);
        all.close();
        assertThat(granted).containsExactly("first", "other");
    }

    @Test
    void shouldLetOnesBehindMoveUpWhenTheFirstInLineLeaves() {
        reserve("a", 50);
        MemoryBudget.Reservation b = reserve("b", 70);
        reserve("c", 20);
        b.leave();
        assertThat(granted).containsExactly("a", "c");
        assertThat(budget.used()).isEqualTo(70);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void shouldGiveBackOnceAndKeepWhatWasGranted() {
        MemoryBudget.Reservation a = reserve("a", 60);
        a.leave();
        assertThat(budget.used()).isEqualTo(60);
        a.close();
        a.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldGrantMoreThanAllOfItToOneAlone() {
        MemoryBudget.Reservation a = reserve("a", 11);
        MemoryBudget.Reservation giant = reserve("giant", 1_000);
        assertThat(granted).containsExactly("a");
        a.close();
        assertThat(granted).containsExactly("a", "giant");
        reserve("b", 11);
        giant.close();
        assertThat(granted).containsExactly("a", "giant", "b");
        assertThat(budget.used()).isEqualTo(11);
    }
}

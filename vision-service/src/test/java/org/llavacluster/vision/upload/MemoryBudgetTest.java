package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(100);
    private final List<String> granted = new ArrayList<>();

    private MemoryBudget.Reservation reserve(String name, long bytes) {
        return budget.reserve(bytes, () -> granted.add(name));
    }

    @Test
    void shouldGrantWhatFitsAndLetTheRestWaitInOrder() {
        MemoryBudget.Reservation a = reserve("a", 60);
        reserve("b", 60);
        reserve("c", 1);
        assertThat(granted).containsExactly("a");
        assertThat(budget.waiting()).isEqualTo(2);

        a.close();

        assertThat(granted).containsExactly("a", "b", "c");
        assertThat(budget.used()).isEqualTo(61);
    }

    @Test
    void shouldLetOnesBehindMoveUpWhenTheFirstInLineLeaves() {
        reserve("a", 60);
        MemoryBudget.Reservation b = reserve("b", 60);
        reserve("c", 40);
        b.close();
        assertThat(granted).containsExactly("a", "c");
        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void shouldGiveBackOnce() {
        MemoryBudget.Reservation a = reserve("a", 60);
        a.close();
        a.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldGrantMoreThanAllOfItToOneAlone() {
        MemoryBudget.Reservation a = reserve("a", 1);
        MemoryBudget.Reservation giant = reserve("giant", 1_000);
        reserve("b", 1);
        assertThat(granted).containsExactly("a");
        a.close();
        assertThat(granted).containsExactly("a", "giant");
        giant.close();
        assertThat(granted).containsExactly("a", "giant", "b");
        assertThat(budget.used()).isEqualTo(1);
    }
}

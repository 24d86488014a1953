package org.llavacluster.scheduling.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    @Test
    void shouldAllowAShareOfTheFirstAttemptsAndItsReserve() {
        RetryBudget budget = new RetryBudget(0.2, 10);
        int retries = 0;
        for (int i = 0; i < 1000; i++) {
            budget.attempted();
            retries += budget.take() ? 1 : 0;
        }
        assertThat(retries).isBetween(200, 210);
        assertThat(budget.refused()).isEqualTo(1000 - retries);
    }

    @Test
    void shouldNotSaveUpMoreThanItsReserve() {
        RetryBudget budget = new RetryBudget(0.2, 10);
        for (int i = 0; i < 1000; i++) {
            budget.attempted();
        }
        int retries = 0;
        while (budget.take()) {
            retries++;
        }
        assertThat(retries).isEqualTo(10);
    }
}

package org.llavacluster.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

class ByteBudgetTest {

    @Test
    void shouldGiveOutItsLimitAndNotAByteMore() {
        ByteBudget budget = new ByteBudget(10);
        ByteBudget.Reservation first = budget.reserve(4);
        first.grow(6);
        FailureException refused = catchThrowableOfType(FailureException.class, () -> budget.reserve(1));
        assertThat(refused.failure()).isInstanceOf(Failure.Overloaded.class);
        assertThat(budget.held()).isEqualTo(10);
        first.close();
        first.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void shouldKeepWhatAReservationHasWhenItCannotGrow() {
        ByteBudget budget = new ByteBudget(10);
        ByteBudget.Reservation reservation = budget.reserve(4);
        assertThat(catchThrowableOfType(FailureException.class, () -> reservation.grow(Long.MAX_VALUE)))
                .isNotNull();
        assertThat(budget.held()).isEqualTo(4);
        reservation.close();
        assertThat(budget.held()).isZero();
    }
}

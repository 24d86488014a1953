package org.llavacluster.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Holds the limit {@code GatewayProperties.INFLIGHT_BYTES}. */
class ByteBudgetTest {

    private static ByteBudget.Reservation reserve(ByteBudget budget, String peer, long bytes) {
        ByteBudget.Reservation reservation = budget.open(peer);
        reservation.grow(bytes);
        return reservation;
    }

    private static void shouldRefuse(ByteBudget.Reservation reservation, long bytes) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> reservation.grow(bytes));
        assertThat(refused.failure()).isInstanceOf(Failure.Overloaded.class);
    }

    @Test
    void shouldGiveOutItsLimitAndNotAByteMore() {
        ByteBudget budget = new ByteBudget(10, 10);
        ByteBudget.Reservation first = reserve(budget, "a", 4);
        first.grow(6);
        shouldRefuse(budget.open("b"), 1);
        assertThat(budget.held()).isEqualTo(10);
        first.close();
        first.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void shouldGiveOnePeerItsShareAndKeepTheRestForOthers() {
        ByteBudget budget = new ByteBudget(10, 9);
        ByteBudget.Reservation first = reserve(budget, "a", 8);
        ByteBudget.Reservation second = reserve(budget, "a", 1);
        shouldRefuse(budget.open("a"), 1);
        reserve(budget, "b", 1).close();
        first.close();
        second.grow(8);
        second.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void shouldKeepWhatAReservationHasWhenItCannotGrow() {
        ByteBudget budget = new ByteBudget(10, 10);
        ByteBudget.Reservation reservation = reserve(budget, "a", 4);
        shouldRefuse(reservation, Long.MAX_VALUE);
        assertThat(budget.held()).isEqualTo(4);
        reservation.close();
        assertThat(budget.held()).isZero();
        shouldRefuse(reservation, 1);
    }
}

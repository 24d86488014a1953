package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.AtLimit;

/** Holds the limit {@code GrpcProperties.INBOUND_BYTES}. */
class MessageBudgetTest {

    private static boolean takesOfTwoPeers(long bytes) {
        MessageBudget budget = new MessageBudget(1000, 750);
        assertThat(budget.take("a", 700)).isTrue();
        return budget.take("b", bytes);
    }

    @Test
    void shouldGiveOutItsLimitAndNotAByteMore() {
        AtLimit.of(300)
                .accepted(bytes -> assertThat(takesOfTwoPeers(bytes)).isTrue())
                .refused(bytes -> assertThat(takesOfTwoPeers(bytes)).isFalse());
    }

    @Test
    void shouldGiveOneAddressItsShareAndNotAByteMore() {
        AtLimit.of(750)
                .accepted(bytes -> assertThat(new MessageBudget(1000, 750).take("a", bytes))
                        .isTrue())
                .refused(bytes -> assertThat(new MessageBudget(1000, 750).take("a", bytes))
                        .isFalse());
    }

    @Test
    void shouldTakeBackWhatIsGiven() {
        MessageBudget budget = new MessageBudget(1000, 750);
        assertThat(budget.take("a", 750)).isTrue();
        assertThat(budget.take("a", 1)).isFalse();
        budget.give("a", 0);
        budget.give("a", 750);
        assertThat(budget.held()).isZero();
        assertThat(budget.take("a", 750)).isTrue();
    }

    @Test
    void shouldRefuseAShareOfMoreThanAll() {
        assertThatThrownBy(() -> new MessageBudget(10, 11)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MessageBudget(10, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}

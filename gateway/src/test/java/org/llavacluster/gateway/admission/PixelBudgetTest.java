package org.llavacluster.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.GatewayProperties;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

class PixelBudgetTest {

    private final PixelBudget budget = new PixelBudget(640);

    private static void assertRefused(PixelBudget budget, String peer, long pixels) {
        assertThatThrownBy(() -> budget.claim(peer, pixels))
                .isInstanceOfSatisfying(FailureException.class, refused -> assertThat(refused.failure())
                        .isInstanceOf(Failure.Overloaded.class));
    }

    @Test
    void shouldAdmitAsManyPixelsOfOneAddressAsTheLimitAndNotOneMore() {
        long limit = GatewayProperties.MAX_PIXELS_PER_ADDRESS.constantDefault();
        for (long pixels : new long[] {limit - 1, limit}) {
            assertThat(new PixelBudget(limit).claim("a", pixels)).isNotNull();
        }
        assertRefused(new PixelBudget(limit), "a", limit + 1);
        twoClaims(139);
        twoClaims(140);
        assertRefused(claimed(500), "a", 141);
    }

    private static PixelBudget claimed(long pixels) {
        PixelBudget budget = new PixelBudget(640);
        PixelBudget.Claim unused = budget.claim("a", pixels);
        return budget;
    }

    private static void twoClaims(long second) {
        PixelBudget budget = claimed(500);
        budget.claim("a", second).close();
        assertThat(budget.held("a")).isEqualTo(500);
    }

    @Test
    void shouldLeaveOtherAddressesTheirs() {
        PixelBudget.Claim unused = budget.claim("attacker", 640);
        assertRefused(budget, "attacker", 11);
        budget.claim("bystander", 640).close();
        assertThat(budget.held("bystander")).isZero();
    }

    /** Small images beside the large ones of the same address, such as those of other clients of one proxy. */
    @Test
    void shouldAlwaysAdmitASmallRequest() {
        List<PixelBudget.Claim> claims = new ArrayList<>();
        claims.add(budget.claim("proxy", 640));
        for (int i = 0; i < 64; i++) {
            claims.add(budget.claim("proxy", 10));
        }
        assertRefused(budget, "proxy", 11);
        assertThat(budget.held("proxy")).isEqualTo(2 * 640);
        claims.forEach(PixelBudget.Claim::close);
        assertThat(budget.held("proxy")).isZero();
    }

    @Test
    void shouldGiveBackOnce() {
        PixelBudget.Claim unused = budget.claim("a", 100);
        PixelBudget.Claim claim = budget.claim("a", 200);
        claim.close();
        claim.close();
        assertThat(budget.held("a")).isEqualTo(100);
        PixelBudget.Claim.NOTHING.close();
    }
}

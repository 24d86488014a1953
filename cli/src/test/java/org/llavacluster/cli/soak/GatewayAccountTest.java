package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.cli.bench.MetricsText;

class GatewayAccountTest {

    @Test
    void shouldBeEvenWhereEveryRequestEndedOnce() {
        assertThat(GatewayAccount.imbalance(metrics(10))).isEmpty();
        assertThat(GatewayAccount.imbalance(metrics(11))).hasValue("the gateway counted 11 requests and 10 ends");
    }

    private static MetricsText metrics(int submitted) {
        return new MetricsText("""
                llava_requests_submitted_total %d.0
                llava_requests_completed_total 4.0
                llava_requests_rejected_total 3.0
                llava_requests_cancelled_total 2.0
                llava_requests_expired_total 0.0
                llava_requests_failed_total 1.0
                """.formatted(submitted));
    }
}

package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.openai.HttpClientRig.asking;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.GatewayRig;

/** Clients of a gateway that was asked to end, whose balancer still sends to it. */
class DrainedClientsTest {

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofSeconds(60);

    @Test
    void shouldServeOnAndEndEachConnectionWithItsNextAnswer() throws Exception {
        try (GatewayRig rig = new GatewayRig();
                HttpClientRig client = new HttpClientRig(rig)) {
            assertThat(client.complete(asking("What?", "")).headers().firstValue("connection"))
                    .isEmpty();
            Thread end = Thread.ofVirtual().start(() -> rig.end(DELAY, DRAIN));
            HttpResponse<String> answer;
            do {
                answer = client.complete(asking("What?", ""));
                assertThat(answer.statusCode()).isEqualTo(200);
            } while (answer.headers().firstValue("connection").isEmpty());
            assertThat(answer.headers().firstValue("connection")).contains("close");
            // No call runs for a while, so it ends long before the drain timeout.
            end.join();
            assertThat(client.complete(asking("What?", "")).statusCode()).isEqualTo(503);
        }
    }
}

package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.FixedLimit;
import org.llavacluster.node.config.FixedLimits;

/**
 * Holds the limits {@code GrpcProperties.MAX_CALLS_PER_CONNECTION}, {@code FixedLimits.PUBLIC_CALLS_PER_CONNECTION} and
 * {@code FixedLimits.CLUSTER_CALLS_PER_CONNECTION}.
 */
class PeerConnectionTest {

    private final List<Integer> changes = new ArrayList<>();
    private final PeerConnection connection =
            new PeerConnection(InetAddress.getLoopbackAddress(), change -> changes.add(change));

    @Test
    void shouldRunAsManyCallsAsTheLimitAndNotOneMore() {
        for (FixedLimit limit :
                List.of(FixedLimits.PUBLIC_CALLS_PER_CONNECTION, FixedLimits.CLUSTER_CALLS_PER_CONNECTION)) {
            int most = limit.intValue();
            for (int i = connection.calls(); i < most; i++) {
                assertThat(connection.begin(most)).as("call " + (i + 1)).isTrue();
            }
            assertThat(connection.begin(most)).as("one more").isFalse();
            assertThat(connection.calls()).isEqualTo(most);
            connection.end();
            assertThat(connection.begin(most)).isTrue();
        }
        assertThat(changes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(connection.calls());
    }
}

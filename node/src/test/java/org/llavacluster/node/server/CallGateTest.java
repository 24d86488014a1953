package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.Refusal;

/**
 * Holds the limits {@code NodeProperties.DRAIN_TIMEOUT}, {@code FixedLimits.PUBLIC_CALLS_BESIDES_ADMITTED} and {@code
 * FixedLimits.CLUSTER_CALLS}.
 */
class CallGateTest {

    private final CallGate gate = new CallGate(2);

    @Test
    void shouldRefuseCallsBeyondItsLimit() {
        assertThat(gate.enter()).isEmpty();
        assertThat(gate.enter()).isEmpty();
        assertThat(gate.enter().map(Refusal::failure)).containsInstanceOf(Failure.Overloaded.class);
        gate.leave();
        assertThat(gate.enter()).isEmpty();
        assertThat(gate.running()).isEqualTo(2);
    }

    @Test
    void shouldRefuseCallsWhileItDrainsAndBeIdleAfterTheLast() throws Exception {
        gate.enter();
        gate.drain();
        assertThat(gate.closed().map(Refusal::failure)).containsInstanceOf(Failure.Unavailable.class);
        assertThat(gate.enter().map(Refusal::failure)).containsInstanceOf(Failure.Unavailable.class);
        assertThat(gate.awaitIdle(Duration.ZERO)).isFalse();
        gate.leave();
        assertThat(gate.awaitIdle(Duration.ZERO)).isTrue();
    }
}

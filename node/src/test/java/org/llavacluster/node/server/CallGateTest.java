package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

    @Test
    void shouldTakeTheNextCallsOfItsClientsWhileItDrainsIfItAnnouncedItsEnd() throws Exception {
        gate.announceEnd();
        assertThat(gate.endsConnections()).isTrue();
        gate.enter();
        gate.drain();
        Future<Boolean> idle = Executors.newSingleThreadExecutor().submit(() -> gate.awaitIdle(Duration.ofMinutes(2)));
        gate.leave();
        assertThat(gate.enter()).isEmpty();
        gate.leave();
        assertThat(idle.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.enter().map(Refusal::failure)).contains(new Failure.Unavailable("the node is draining"));
    }

    @Test
    void shouldLeaveHalfOfTheDrainTimeoutToTheLastCalls() throws Exception {
        gate.announceEnd();
        gate.enter();
        gate.drain();
        assertThat(gate.awaitIdle(Duration.ofMillis(20))).isFalse();
        assertThat(gate.enter()).isNotEmpty();
    }
}

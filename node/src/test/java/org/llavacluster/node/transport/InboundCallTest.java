package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.GrpcProperties;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.time.SettableClock;

/**
 * Holds the limits {@code GrpcProperties.FIRST_MESSAGE_TIMEOUT} and {@code GrpcProperties.MIN_MESSAGE_RATE}.
 *
 * <p>Holds the limit {@code FixedLimits.FREE_MESSAGE_BYTES}.
 */
class InboundCallTest {

    private static final Duration PATIENCE = GrpcProperties.FIRST_MESSAGE_TIMEOUT.constantDefault();
    private static final long RATE = GrpcProperties.MIN_MESSAGE_RATE.constantDefault();

    private final SettableClock clock = new SettableClock();
    private final long start = clock.nanoTime();
    private final InboundCall call = (InboundCall) InboundCall.factory(
                    new MessageBudget(1 << 30, 1 << 30), clock, new RefusalMetrics(new SimpleMeterRegistry()))
            .newServerStreamTracer("test.Echo/Call", new Metadata());

    /** Whether it is too late that long after its start. */
    private boolean overdueAfter(Duration time, long nanos) {
        return call.overdue(start + time.toNanos() + nanos, PATIENCE, RATE);
    }

    @Test
    void shouldWaitForTheFirstMessageUpToTheLimitAndNotLonger() {
        assertThat(call.waitsForFirstMessage()).isTrue();
        assertThat(overdueAfter(PATIENCE, -1)).isFalse();
        assertThat(overdueAfter(PATIENCE, 0)).isFalse();
        assertThat(overdueAfter(PATIENCE, 1)).isTrue();
    }

    @Test
    void shouldLetAMessageArriveAtTheLeastRateAndNotSlower() {
        call.inboundMessage(0);
        call.inboundWireSize(3 * RATE);
        Duration allowed = PATIENCE.plusSeconds(3);
        assertThat(call.waitsForFirstMessage()).isFalse();
        assertThat(overdueAfter(allowed, -1)).isFalse();
        assertThat(overdueAfter(allowed, 0)).isFalse();
        assertThat(overdueAfter(allowed, 1)).isTrue();
        call.inboundWireSize(RATE);
        assertThat(overdueAfter(allowed, 1)).isFalse();
    }

    @Test
    void shouldNotHurryACallBetweenItsMessages() {
        call.inboundMessage(0);
        call.inboundWireSize(1);
        call.inboundMessageRead(0, 1, 1);
        assertThat(overdueAfter(Duration.ofHours(1), 0)).isFalse();
    }
}

package org.llavacluster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GrpcProperties;

/**
 * Holds the limits {@code GrpcProperties.MAX_CONTROL_FRAMES}, {@code GrpcProperties.MAX_NEW_CALLS} and {@code
 * FixedLimits.GRPC_WINDOW_UPDATES}: four seconds' worth at once, and one second's worth in each second after that.
 */
class FrameFloodTest {

    private static final int PING = 6;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int STOCK_SECONDS = 4;

    private final ConnectionLimits limits = new ConnectionLimits(
            1,
            1,
            1,
            Duration.ofSeconds(1),
            Math.toIntExact(GrpcProperties.MAX_CONTROL_FRAMES.constantDefault()),
            Math.toIntExact(GrpcProperties.MAX_NEW_CALLS.constantDefault()));
    private final FrameFlood flood = new FrameFlood(limits.rates(), 0);

    private void assertAllowed(int type, int length, long count, long now) {
        for (long i = 1; i <= count; i++) {
            assertThat(flood.allows(type, 0, length, now)).as("frame " + i).isTrue();
        }
        assertThat(flood.allows(type, 0, length, now)).as("one more").isFalse();
    }

    /** Pings, settings, priorities, empty data and continuations, and frames of unknown types. */
    @ParameterizedTest
    @CsvSource({"0, 0", "2, 5", "4, 0", "4, 6", "6, 8", "9, 10", "200, 3"})
    void shouldAllowAsManyControlFramesAsTheRateAndNotOneMore(int type, int length) {
        long rate = GrpcProperties.MAX_CONTROL_FRAMES.constantDefault();
        assertAllowed(type, length, STOCK_SECONDS * rate, 0);
        assertAllowed(type, length, rate, SECOND);
        assertAllowed(type, length, STOCK_SECONDS * rate, 100 * SECOND);
    }

    @Test
    void shouldAllowAsManyNewCallsAsTheRateAndNotOneMore() {
        long rate = GrpcProperties.MAX_NEW_CALLS.constantDefault();
        assertAllowed(FrameFlood.HEADERS, 30, STOCK_SECONDS * rate, 0);
        assertAllowed(FrameFlood.HEADERS, 30, rate, SECOND);
    }

    @Test
    void shouldAllowAsManyWindowUpdatesAsTheRateAndNotOneMore() {
        long rate = FixedLimits.GRPC_WINDOW_UPDATES.value();
        assertAllowed(FrameFlood.WINDOW_UPDATE, 4, STOCK_SECONDS * rate, 0);
        assertAllowed(FrameFlood.WINDOW_UPDATE, 4, rate, SECOND);
    }

    @Test
    void shouldCountEachKindByItself() {
        assertAllowed(PING, 8, STOCK_SECONDS * GrpcProperties.MAX_CONTROL_FRAMES.constantDefault(), 0);
        assertThat(flood.allows(FrameFlood.HEADERS, 0, 30, 0)).isTrue();
        assertThat(flood.allows(FrameFlood.DATA, 0, 1, 0)).isTrue();
        assertThat(flood.allows(FrameFlood.RST_STREAM, 0, 4, 0)).isTrue();
    }
}

package org.llavacluster.decoder.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.time.SettableClock;

class WarmUpRunsTest {

    private static int runs(LongStream millis) {
        SettableClock clock = new SettableClock();
        PrimitiveIterator.OfLong times = millis.iterator();
        return WarmUpRuns.of(() -> clock.advance(Duration.ofMillis(times.nextLong())), clock);
    }

    @Test
    void shouldStopAfterTwoRunsThatAreNoFaster() {
        assertThat(runs(LongStream.of(1000, 400, 200, 190, 185, 1))).isEqualTo(5);
        assertThat(runs(LongStream.of(100, 100, 100, 1))).isEqualTo(3);
    }

    @Test
    void shouldGoOnAfterASingleSlowRun() {
        assertThat(runs(LongStream.of(1000, 1100, 500, 600, 440, 460, 470))).isEqualTo(7);
    }

    @Test
    void shouldBeginNoRunAfterTenSeconds() {
        assertThat(runs(LongStream.of(9000, 8000, 1))).isEqualTo(2);
    }

    @Test
    void shouldEndWhenEachRunIsFaster() {
        assertThat(runs(DoubleStream.iterate(1_000, time -> 0.8 * time).mapToLong(Math::round)))
                .isLessThanOrEqualTo(20);
    }
}

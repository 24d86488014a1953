package org.llavacluster.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlapDampingTest {

    private final FlapDamping damping = new FlapDamping();

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    /** The first second from that one on in which the worker is not held back. */
    private long releasedAt(long from) {
        long at = from;
        while (damping.holds("decoder-0", seconds(at))) {
            at++;
        }
        return at;
    }

    @Test
    void shouldNotHoldAWorkerBackThatWasLostOnceOrTwice() {
        damping.penalize("decoder-0", 0);
        damping.penalize("decoder-0", seconds(1));
        assertThat(damping.holds("decoder-0", seconds(1))).isFalse();
    }

    @Test
    void shouldHoldAWorkerBackThatFlapsEverySecondForHalfAMinuteAtMost() {
        for (int second = 0; second < 100; second++) {
            damping.penalize("decoder-0", seconds(second));
        }
        assertThat(damping.holds("decoder-0", seconds(99))).isTrue();
        assertThat(damping.holds("decoder-1", seconds(99))).isFalse();
        assertThat(releasedAt(99)).isBetween(110L, 130L);
    }

    @Test
    void shouldForgetALossInTime() {
        for (int i = 0; i < 10; i++) {
            damping.penalize("decoder-0", seconds(60L * i));
            assertThat(damping.holds("decoder-0", seconds(60L * i))).isFalse();
        }
    }
}

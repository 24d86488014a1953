package org.llavacluster.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Holds the limit {@code GatewayProperties.SUSPECT_AFTER}. */
class SilenceTest {

    private final Silence silence = new Silence(Duration.ofSeconds(2), 0);

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    /** Looks every 100 ms from one time to the other; when it was first too long, or -1. */
    private long tooLong(long from, long to) {
        for (long at = from; at <= to; at += 100) {
            if (silence.tooLong(millis(at))) {
                return at;
            }
        }
        return -1;
    }

    @Test
    void shouldTakeTwoSecondsWithoutAMessageForSilence() {
        assertThat(tooLong(100, 1900)).isEqualTo(-1);
        silence.heard(millis(1950));
        assertThat(tooLong(2000, 6000)).isEqualTo(4000);
    }

    @Test
    void shouldNotCountTheTimeInWhichThisProcessStoodStill() {
        assertThat(tooLong(100, 1000)).isEqualTo(-1);
        // Nobody looked for 30 s: what was sent meanwhile is read only now.
        assertThat(tooLong(31_000, 36_000)).isEqualTo(31_900);
        silence.heard(millis(36_000));
        assertThat(silence.tooLong(millis(66_000))).isFalse();
        silence.heard(millis(66_050));
        assertThat(tooLong(66_100, 70_000)).isEqualTo(68_100);
    }
}

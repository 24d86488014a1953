package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.cluster.RestartPolicy.Decision;

class RestartPolicyTest {

    private final RestartPolicy policy = new RestartPolicy();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    private Decision endedAfter(Duration time, boolean served) {
        now += time.toNanos();
        return policy.ended(now, served);
    }

    private static Decision again(long millis) {
        return new Decision.StartAgain(Duration.ofMillis(millis));
    }

    @Test
    void shouldStartFiveTimesWithinAMinuteAndDoubleTheDelay() {
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            decisions.add(endedAfter(Duration.ofSeconds(12), true));
        }
        assertThat(decisions).containsExactly(again(250), again(500), again(1000), again(2000), again(4000));
    }

    @Test
    void shouldGiveUpAtTheSixthEndWithinAMinute() {
        for (int i = 0; i < 5; i++) {
            endedAfter(Duration.ofSeconds(12), true);
        }
        assertThat(endedAfter(Duration.ofSeconds(12), true))
                .isEqualTo(new Decision.GiveUp("ended 6 times within 60 s"));
    }

    @Test
    void shouldForgetEndsOfMoreThanAMinuteAgo() {
        for (int i = 0; i < 100; i++) {
            assertThat(endedAfter(Duration.ofMillis(12_001), true)).isInstanceOf(Decision.StartAgain.class);
        }
        assertThat(endedAfter(Duration.ofSeconds(61), true)).isEqualTo(again(250));
    }

    /** A model that takes long to load and fails each time. */
    @Test
    void shouldGiveUpAServiceThatNeverServes() {
        List<Decision> decisions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            decisions.add(endedAfter(Duration.ofMinutes(5), false));
        }
        assertThat(decisions)
                .containsExactly(
                        again(250),
                        again(500),
                        again(1000),
                        again(2000),
                        again(4000),
                        new Decision.GiveUp("ended 6 times in a row before it served"));
    }

    @Test
    void shouldCountFailedStartsAnewOnceItServed() {
        for (int i = 0; i < 20; i++) {
            assertThat(endedAfter(Duration.ofMinutes(5), i % 5 == 4)).isInstanceOf(Decision.StartAgain.class);
        }
    }
}

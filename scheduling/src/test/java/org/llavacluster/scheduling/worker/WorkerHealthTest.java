package org.llavacluster.scheduling.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.worker.WorkerHealth.State;

class WorkerHealthTest {

    private static final long SECOND = 1_000_000_000L;

    private final WorkerHealth health = new WorkerHealth(HealthRules.DEFAULT);

    @Test
    void shouldSuspectAWorkerThatIsSilentForTwoSeconds() {
        health.heard(0, false);
        health.check(2 * SECOND - 1);
        assertThat(health.state(2 * SECOND - 1)).isEqualTo(State.SERVING);
        assertThat(health.changeNanos(0)).isEqualTo(2 * SECOND);
        health.check(2 * SECOND);
        assertThat(health.state(2 * SECOND)).isEqualTo(State.SUSPECT);
    }

    @Test
    void shouldServeAgainAtOnceAfterOneRestart() {
        health.heard(0, false);
        health.lost(SECOND);
        assertThat(health.state(SECOND)).isEqualTo(State.LOST);
        health.heard(2 * SECOND, false);
        assertThat(health.state(2 * SECOND)).isEqualTo(State.SERVING);
    }

    @Test
    void shouldDampAFlappingWorkerForLongerEachTime() {
        long now = 0;
        health.heard(now, false);
        long[] damped = new long[8];
        for (int i = 0; i < damped.length; i++) {
            health.lost(now += SECOND / 2);
            health.heard(now += SECOND / 2, false);
            while (health.state(now + damped[i]) == State.DAMPED) {
                damped[i] += SECOND;
            }
        }
        assertThat(damped)
                .containsExactly(0, SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND, 30 * SECOND, 30 * SECOND);
    }

    @Test
    void shouldForgetFlappingAfterAQuietMinute() {
        health.heard(0, false);
        for (int i = 1; i <= 4; i++) {
            health.lost(i * SECOND);
            health.heard(i * SECOND, false);
        }
        long later = 65 * SECOND;
        health.lost(later);
        health.heard(later, false);
        assertThat(health.state(later)).isEqualTo(State.SERVING);
    }

    @Test
    void shouldNotCountAPlannedStopAsALoss() {
        for (int i = 0; i < 5; i++) {
            health.heard(i * SECOND, true);
            assertThat(health.state(i * SECOND)).isEqualTo(State.DRAINING);
            health.lost(i * SECOND + 1);
            health.heard(i * SECOND + 2, false);
            assertThat(health.state(i * SECOND + 2)).isEqualTo(State.SERVING);
        }
    }

    @Test
    void shouldEjectAWorkerThatFailsAndTryItAgain() {
        health.heard(0, false);
        int failures = 0;
        while (health.state(0) == State.SERVING) {
            health.failed(0);
            failures++;
        }
        assertThat(failures).isEqualTo(5);
        assertThat(health.state(0)).isEqualTo(State.EJECTED);
        assertThat(health.state(SECOND)).isEqualTo(State.SERVING);
        health.failed(SECOND);
        assertThat(health.state(3 * SECOND - 1)).isEqualTo(State.EJECTED);
        assertThat(health.state(3 * SECOND)).isEqualTo(State.SERVING);
    }

    @Test
    void shouldNotEjectForAFewFailuresAmongSuccesses() {
        health.heard(0, false);
        for (int i = 0; i < 100; i++) {
            health.failed(i);
            health.succeeded();
        }
        assertThat(health.state(100)).isEqualTo(State.SERVING);
        assertThat(health.failureShare()).isBetween(0.3, 0.5);
    }
}

package org.llavacluster.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.simulator.worker.WorkerSpeed;

class GoalsTest {

    private final Goals goals = new Goals(1, 10);

    @Test
    void shouldAnswerRepeatedImagesTenTimesSoonerThanRoundRobin() {
        assertThat(goals.repeatedImages().ratio()).isGreaterThan(10);
    }

    @Test
    void shouldShieldATenantFromTheFloodOfAnother() {
        assertThat(goals.flood().ratio()).isLessThan(1.5);
    }

    @Test
    void shouldKeepItsGoodputUnderTenfoldLoad() {
        assertThat(goals.overload().ratio()).isGreaterThan(0.95);
    }

    @Test
    void shouldKeepAllPromisesUnderLoad() {
        var result = new LoadRun(3, ClusterSize.of(12), WorkerSpeed.ACCELERATOR, 10)
                .run(List.of(
                        new LoadRun.Stream("a", LoadMix.CHAT, 100),
                        new LoadRun.Stream("b", new LoadMix(50, 0.8, 100, 20, 5_000_000_000L), 20)));
        assertThat(result.breaches()).isEmpty();
    }
}

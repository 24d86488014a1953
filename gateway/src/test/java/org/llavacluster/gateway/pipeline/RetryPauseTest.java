package org.llavacluster.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPauseTest {

    @Test
    void shouldDoubleUpToOneSecond() {
        assertThat(IntStream.of(1, 2, 3, 4, 5, 100, Integer.MAX_VALUE)
                        .mapToLong(failures -> RetryPause.after(failures).toMillis()))
                .containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    }

    @Test
    void shouldBoundThePauseThatANodeAskedFor() {
        assertThat(RetryPause.bounded(Duration.ofMillis(999))).isEqualTo(Duration.ofMillis(999));
        assertThat(RetryPause.bounded(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
    }
}

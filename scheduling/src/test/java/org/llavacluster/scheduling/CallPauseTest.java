package org.llavacluster.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallPauseTest {

    @Test
    void shouldDoubleUpToASecond() {
        long[] millis = IntStream.of(1, 2, 3, 4, 5, 6, 100)
                .mapToLong(failures -> CallPause.nanos(failures) / 1_000_000)
                .toArray();
        assertThat(millis).containsExactly(100, 200, 400, 800, 1000, 1000, 1000);
    }
}

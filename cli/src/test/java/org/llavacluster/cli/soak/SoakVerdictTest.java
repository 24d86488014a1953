package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SoakVerdictTest {

    @Test
    void shouldPassBelowTheLimitAndFailAtIt() {
        assertThat(SoakVerdict.of(Map.of("gateway-0", 0.499, "decoder-0", -3.0), 0.5, List.of())
                        .passed())
                .isTrue();
        assertThat(SoakVerdict.of(new TreeMap<>(Map.of("gateway-0", 0.5, "decoder-0", 0.0)), 0.5, List.of())
                        .reasons())
                .containsExactly("gateway-0: its resident memory grows by 0.50 MB/min, which is not below 0.50");
    }

    @Test
    void shouldFailForWhateverWasWrong() {
        SoakVerdict verdict = SoakVerdict.of(Map.of(), 0.5, List.of("text-1 changed"));

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.reasons()).containsExactly("text-1 changed");
    }
}

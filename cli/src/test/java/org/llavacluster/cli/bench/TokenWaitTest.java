package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.cli.bench.TokenWait.Arrival;
import org.llavacluster.cli.bench.TokenWait.Phase;

class TokenWaitTest {

    private static final long MILLI = 1_000_000;
    private static final List<Arrival> ARRIVALS = List.of(new Arrival(100, 200, 300), new Arrival(500, 600, 700));

    @ParameterizedTest
    @CsvSource({
        "0, 100, UNDISTURBED",
        "50, 101, ENCODE",
        "120, 130, ENCODE",
        "150, 200, ENCODE",
        "150, 201, PREFILL",
        "220, 230, PREFILL",
        "0, 1000, PREFILL",
        "299, 400, PREFILL",
        "300, 500, UNDISTURBED",
        "510, 520, ENCODE",
        "650, 660, PREFILL",
        "700, 900, UNDISTURBED"
    })
    void shouldCountForTheLastPhaseThatItTouches(long from, long to, Phase phase) {
        assertThat(new TokenWait(from, to).phase(ARRIVALS)).isEqualTo(phase);
    }

    @Test
    void shouldSortWaitsByPhaseInMilliseconds() {
        List<Long> tokens = List.of(0L, 40 * MILLI, 90 * MILLI, 250 * MILLI, 300 * MILLI);
        Arrival arrival = new Arrival(41 * MILLI, 100 * MILLI, 240 * MILLI);

        Map<Phase, SortedValues> waits = TokenWait.byPhase(TokenWait.between(tokens), List.of(arrival));

        assertThat(waits.get(Phase.UNDISTURBED).values()).containsExactly(40.0, 50.0);
        assertThat(waits.get(Phase.ENCODE).values()).containsExactly(50.0);
        assertThat(waits.get(Phase.PREFILL).values()).containsExactly(160.0);
    }

    @Test
    void shouldHaveNoWaitsInAnAnswerOfOneToken() {
        assertThat(TokenWait.between(List.of(7L))).isEmpty();
        assertThat(TokenWait.between(List.of())).isEmpty();
    }

    @Test
    void shouldNotRunBackwards() {
        assertThatThrownBy(() -> new TokenWait(5, 3)).hasMessageContaining("2 ns before");
    }
}

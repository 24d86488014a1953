package org.llavacluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {

    private static final List<String> WORDS = List.of("ask", "chat", "up", "inspect", "bench", "completion", "--image");

    @ParameterizedTest
    @CsvSource({
        "aks, ask",
        "as, ask",
        "chatt, chat",
        "caht, chat",
        "pu, up",
        "inspcet, inspect",
        "bensh, bench",
        "completions, completion",
        "--imgae, --image",
        "fly,",
        "x,",
        "server,",
        "inspector-of-models,"
    })
    void shouldBeTheWordThatWasMeantIfAny(String typed, String meant) {
        assertThat(NearestWord.to(typed, WORDS).orElse(null)).isEqualTo(meant);
    }
}

package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.systemtest.harness.Launcher;

/** The benchmarks of whole requests on a model folder that the command itself writes. */
class WholeRequestBenchTest {

    /** One begin token, 36 rows of an image, 14 tokens of text. */
    private static final int PROMPT_ROWS = 1 + 36 + 14;

    /** Whole blocks of 16 rows at the start of the prompt are reused; two of them lie before the text. */
    private static final int ROWS_KEPT = 32;

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeEach
    void writeModel() throws Exception {
        model = temporary.resolve("model");
        Launcher.Outcome outcome = Launcher.run("bench", "checkpoint", "--shape=tiny", "--out=" + model);
        assertThat(outcome.status()).as(outcome.stderr()).isZero();
    }

    @Test
    void shouldMeasureANewAndAKnownPicture() throws Exception {
        JsonNode json = measured("request", "--engine=simd", "--weights=q8_0", "--decode-tokens=8", "--repeat=2");

        assertThat(json.path("bench").asText()).isEqualTo("request");
        assertThat(json.path("weights").asText()).isEqualTo("q8_0");
        assertThat(json.path("start_s").asDouble()).isPositive();
        assertThat(json.path("resident_mb").properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactlyInAnyOrder("vision-0", "projector-0", "decoder-0", "gateway-0");
        assertThat(json.path("resident_mb"))
                .allSatisfy(megabytes -> assertThat(megabytes.asDouble()).isGreaterThan(20));
        assertThat(json.path("ceilings").path("gigaflops").asDouble()).isPositive();
        JsonNode rows = json.path("results");
        assertThat(rows).extracting(row -> row.path("question").asText()).containsExactly("cold", "first", "second");
        assertThat(rows)
                .extracting(row -> row.path("rows_computed").asInt())
                .containsExactly(PROMPT_ROWS, PROMPT_ROWS, PROMPT_ROWS - ROWS_KEPT);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.path("first_token_s").asDouble()).isPositive();
            assertThat(row.path("tokens_per_s").asDouble()).isPositive();
        });
    }

    @Test
    void shouldMeasureStreamsBesideAPromptForEachBudget() throws Exception {
        Path plot = temporary.resolve("plot.svg");
        JsonNode json = measured("streams", "--engine=simd", "--budgets=1,100", "--streams=2", "--plot=" + plot);

        assertThat(json.path("streams").asInt()).isEqualTo(2);
        assertThat(json.path("results"))
                .extracting(row -> row.path("budget_ms").asInt())
                .containsExactly(1, 100);
        assertThat(json.path("results")).allSatisfy(row -> {
            assertThat(row.path("first_token_s").asDouble()).isPositive();
            assertThat(row.path("undisturbed_p50_ms").asDouble())
                    .isLessThanOrEqualTo(row.path("undisturbed_p99_ms").asDouble());
            assertThat(row.path("prefill_waits").asInt()).isPositive();
        });
        assertThat(plot).content().contains("budget 1 ms", "budget 100 ms", "ms (p99)");
    }

    private JsonNode measured(String what, String... options) throws Exception {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "bench";
        arguments[1] = what;
        arguments[2] = "--model=" + model;
        arguments[3] = "--json";
        System.arraycopy(options, 0, arguments, 4, options.length);
        Launcher.Outcome outcome = Launcher.run(arguments);
        assertThat(outcome.status()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout().strip().lines()).hasSize(1);
        return new ObjectMapper().readTree(outcome.stdout());
    }
}

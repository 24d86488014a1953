package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.systemtest.harness.Launcher;

/** Runs a soak of half a minute: too short to find a leak, long enough to check the report and all ends. */
class SoakBenchTest {

    /** Four a second for 36 seconds. */
    private static final int REQUESTS = 4 * 36;

    @TempDir
    private Path temporary;

    @Test
    void shouldReportMemoryTimesAndEndsOfAllRequests() throws Exception {
        Path report = temporary.resolve("soak.json");
        Launcher.Outcome outcome = Launcher.run(
                "bench",
                "soak",
                "--minutes=0.6",
                "--warm-up=0",
                "--rate=4",
                "--seed=11",
                "--growth=100000",
                "--engine=simd",
                "--json=" + report);

        assertThat(outcome.status()).as(outcome.stdout() + outcome.stderr()).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.path("passed").asBoolean()).isTrue();
        assertThat(json.path("seed").asInt()).isEqualTo(11);
        assertThat(sum(json.path("requests"))).isEqualTo(REQUESTS);
        assertThat(json.path("compared_answers").asInt()).isPositive();
        assertThat(json.path("series").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("vision-0", "projector-0", "decoder-0", "gateway-0");
        assertThat(json.path("series")).allSatisfy(process -> {
            for (String figure : new String[] {"resident_mb", "heap_mb", "direct_mb", "threads", "files"}) {
                assertThat(process.path(figure)).as(figure).hasSizeGreaterThanOrEqualTo(3);
                assertThat(process.path(figure).path(0).path(1).asDouble())
                        .as(figure)
                        .isPositive();
            }
        });
        assertThat(temporary.resolve("soak.md")).content().contains("passed", "![All series over time](soak.svg)");
        assertThat(temporary.resolve("soak.svg")).content().startsWith("<svg ").contains("resident memory, MB");
    }

    private static int sum(JsonNode counts) {
        int sum = 0;
        for (JsonNode count : counts) {
            sum += count.asInt();
        }
        return sum;
    }
}

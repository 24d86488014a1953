package org.llavacluster.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.Main;

class SimulateCommandTest {

    private static String run(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.commandLine().execute(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldReportSeedsAndLoadsAsOneObjectAndDrawThem(@TempDir Path folder) throws IOException {
        Path plot = folder.resolve("plot.svg");
        String printed = run("simulate", "--seeds=3", "--nodes=6", "--seconds=3", "--json", "--plot=" + plot);
        JsonNode report = new ObjectMapper().readTree(printed);
        assertThat(report.get("seeds").asInt()).isEqualTo(3);
        assertThat(report.get("breaches")).isEmpty();
        assertThat(report.get("loads")).hasSize(10);
        JsonNode half = report.get("loads").get(1);
        assertThat(half.get("goodput_per_s").asDouble()).isPositive();
        assertThat(half.get("ttft_p99_ms").asDouble())
                .isGreaterThanOrEqualTo(half.get("ttft_p50_ms").asDouble());
        assertThat(Files.readString(plot)).startsWith("<svg").contains("80 %");
    }

    @Test
    void shouldPrintATable() {
        assertThat(run("simulate", "--seeds=2", "--nodes=3", "--seconds=2"))
                .startsWith("2 runs with faults on up to 3 workers: every promise held")
                .contains("ttft_p90_ms");
    }
}

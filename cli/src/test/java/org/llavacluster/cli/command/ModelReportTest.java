package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.text.config.ModelFolder;

class ModelReportTest {

    private static final ModelConfig CONFIG = ModelFolder.open(
                    Path.of(System.getProperty("llava.fixtures"), "llava-1.5-tiny"), Optional.empty())
            .config();

    private static Map<String, Object> report(long machineBytes) {
        return new ModelReport(CONFIG, new TreeMap<>(Map.of("F32", 1L)), machineBytes).toMap();
    }

    @Test
    void shouldSumTheMemoryOfEachFormatBesideTheMachines() {
        Map<?, ?> memory = (Map<?, ?>) report(24_000_000_000L).get("memory_bytes");
        assertThat(memory.get("machine")).isEqualTo(24_000_000_000L);
        // Three runtimes of 300 MB, and a model of less than 100 MB.
        assertThat((Long) memory.get("f32")).isBetween(900_000_000L, 1_000_000_000L);
        assertThat((Long) memory.get("q4_0")).isLessThan((Long) memory.get("f32"));
    }

    @Test
    void shouldSayInGigabytesWhatFits() {
        assertThat(ModelReport.table(report(24_000_000_000L)))
                .contains("memory to serve it, of 24.0 GB")
                .containsPattern("(?m)^  f32 +0\\.9 GB$")
                .containsPattern("(?m)^  q4_0 +0\\.9 GB$");
        assertThat(ModelReport.table(report(500_000_000L)))
                .containsPattern("(?m)^  f32 +0\\.9 GB: more than this machine has$");
    }
}

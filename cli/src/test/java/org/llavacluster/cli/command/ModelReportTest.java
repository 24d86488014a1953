package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;

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
    void shouldTellOfAWindowThatLimitsTheContext(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llava_next", "image_token_index": 32000, "image_grid_pinpoints": [[336, 672]],
                 "text_config": {"model_type": "mistral", "vocab_size": 32064, "max_position_embeddings": 32768}}
                """);
        ModelConfig config = ModelFolder.open(folder, Optional.empty()).config();
        ModelReport report = new ModelReport(config, new TreeMap<>(Map.of("F16", 1L)), 24_000_000_000L);

        Map<?, ?> decoder = (Map<?, ?>) report.toMap().get("decoder");

        assertThat(decoder.get("context_tokens")).isEqualTo(4096);
        assertThat(decoder.get("sliding_window")).isEqualTo(4096);
        assertThat(decoder.get("max_position_embeddings")).isEqualTo(32768);
        assertThat(ModelReport.table(report.toMap()))
                .containsPattern("(?m)^  context tokens +4,096$")
                .containsPattern("(?m)^  sliding window +4,096$");
        assertThat(((Map<?, ?>) report(1).get("decoder")).get("sliding_window")).isNull();
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

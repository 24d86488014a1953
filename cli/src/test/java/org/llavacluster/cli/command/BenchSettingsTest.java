package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What benchmarks report of a run besides its figures. */
class BenchSettingsTest {

    @Test
    void shouldNameAllOfDecode() {
        assertThat(decode())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "shape", "tinyllama-1.1b", "batch", 8, "kv", "f16", "engine", "simd", "weights", "q8_0"));
        assertThat(decode("--shape=llama-7b", "--batch=4", "--kv=BF16", "--weights=F32"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("shape", "llama-7b", "batch", 4, "kv", "bf16", "engine", "simd", "weights", "f32"));
    }

    @Test
    void shouldNameAllOfVision() {
        assertThat(vision())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("shape", "clip-vit-l-336", "batch", 1, "engine", "simd", "weights", "q8_0"));
        assertThat(vision("--batch=3")).containsEntry("batch", 3);
    }

    private static Map<String, Object> decode(String... arguments) {
        BenchDecodeCommand command = new BenchDecodeCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return command.settings();
    }

    private static Map<String, Object> vision(String... arguments) {
        BenchVisionCommand command = new BenchVisionCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.settings();
    }
}

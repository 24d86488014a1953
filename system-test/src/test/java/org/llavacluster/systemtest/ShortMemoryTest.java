package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.ModelCopy;

/** A model of twice this machine's memory in f32, all of it in bf16 and half of it in q8_0. */
class ShortMemoryTest {

    /** f32 bytes of the tiny decoder's MLPs per column: 3 layers of 3 matrices of 64. */
    private static final long BYTES_PER_COLUMN = 3 * 3 * 64 * 4;

    @TempDir
    private Path scratch;

    private ModelCopy model;

    @BeforeEach
    void widen() throws Exception {
        model = ModelCopy.of("llava-1.5-tiny", scratch.resolve("model"));
        model.widenMlp(2 * MachineMemory.bytes() / BYTES_PER_COLUMN);
    }

    @Test
    void shouldStartNoClusterThatDoesNotFitAndNameTheFormatThatDoes() throws Exception {
        Launcher.Outcome outcome = Launcher.run("up", "--engine=simd", "--model=" + model.folder());

        assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr().strip())
                .matches(
                        "llava: the workers need \\S+ GB in f32 \\(weights \\S+ GB, KV cache \\S+ GB\\) and \\S+ GB are"
                                + " available; in q8_0 it would be \\S+ GB: --weights q8_0");
    }

    @Test
    void shouldRefuseToLoadWhatDoesNotFit() throws Exception {
        Launcher.Outcome outcome =
                Launcher.runService("decoder-service", "llava.engine=simd", "llava.model=" + model.folder());

        assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr().strip().lines().toList().getLast())
                .startsWith("llava.weights does not fit: the decoder needs ")
                .endsWith(" GB: llava.weights=q8_0");
    }

    @Test
    void shouldSayThatNoFormatFits() throws Exception {
        Launcher.Outcome outcome = Launcher.runService(
                "decoder-service",
                "llava.engine=simd",
                "llava.weights=q4_0",
                "llava.kv-tokens=" + (1 << 28),
                "llava.model=" + model.folder());

        assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stderr().strip().lines().toList().getLast())
                .startsWith("llava.weights does not fit: the decoder needs ")
                .contains("no format fits, in q4_0 it would still be ");
    }
}

package org.llavacluster.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;

class WorkerModelTest {

    private static final Path FOLDER = Path.of(System.getProperty("llava.fixtures"), "llava-1.5-tiny");

    @TempDir
    private Path cache;

    private WorkerModel<Integer> load(ModelPart part, String fingerprint) {
        Map<String, String> properties = Map.of(
                "llava.model",
                FOLDER.toString(),
                "llava.engine",
                "simd",
                "llava.packed-cache",
                cache.toString(),
                "llava.model-fingerprint",
                fingerprint);
        WorkerConfiguration configuration = WorkerConfiguration.of(new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()));
        return WorkerModel.load(configuration, part, (backend, config, checkpoint) -> 1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoadAPartThatHasTheFingerprint(ModelPart part) {
        String fingerprint;
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.open(FOLDER, Optional.empty()))) {
            fingerprint = checkpoint.revision(part);
        }
        WorkerModel<Integer> model = load(part, fingerprint);
        model.backend().close();
        assertThat(model.revision()).isEqualTo(fingerprint);
    }

    @Test
    void shouldRefuseOtherWeights() {
        assertThatThrownBy(() -> load(ModelPart.DECODER, "0".repeat(64)))
                .isInstanceOf(PropertyException.class)
                .hasMessageMatching(
                        "llava.model-fingerprint must be the fingerprint of the decoder in .*llava-1.5-tiny, which is "
                                + "[0-9a-f]{64}, but is 0{64}");
    }

    @Test
    void shouldRefuseAFingerprintThatIsNone() {
        assertThatThrownBy(() -> load(ModelPart.DECODER, "abc"))
                .isInstanceOf(PropertyException.class)
                .hasMessageContaining("llava.model-fingerprint must be 64 hexadecimal digits in lower case");
    }
}

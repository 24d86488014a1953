package org.llavacluster.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;

class WorkerConfigurationTest {

    private static WorkerConfiguration of(Map<String, String> properties) {
        return WorkerConfiguration.of(new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()));
    }

    @Test
    void shouldHaveDefaultsForAllButTheModel() {
        WorkerConfiguration configuration = of(Map.of("llava.model", "models/a"));
        assertThat(configuration.model()).isEqualTo(Path.of("models/a"));
        assertThat(configuration.visionTower()).isEmpty();
        assertThat(configuration.engine()).isEqualTo(EngineChoice.AUTO);
        assertThat(configuration.weights()).isEqualTo(WeightsFormat.F32);
        assertThat(configuration.kv()).isEqualTo(KvFormat.F32);
        assertThat(configuration.preprocess()).isEqualTo(Preprocess.NATURAL);
        assertThat(configuration.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(configuration.wire()).isEqualTo(WireFormat.F32);
        assertThat(configuration.kvTokens()).isEmpty();
        assertThat(configuration.tensorCacheBytes()).isEqualTo(256L << 20);
    }

    @ParameterizedTest
    @CsvSource({"f32,F32", "bf16,F16", "q8_0,F16", "q4_0,F16"})
    void shouldStoreKeysAndValuesIn16BitsBesideWeightsThatAreRounded(String weights, KvFormat kv) {
        assertThat(of(Map.of("llava.model", "m", "llava.weights", weights)).kv())
                .isEqualTo(kv);
    }

    @Test
    void shouldReadWhatIsGiven() {
        WorkerConfiguration configuration = of(Map.of(
                "llava.model", "m",
                "llava.vision-tower", "clip",
                "llava.engine", "tensorflow",
                "llava.weights", "q8_0",
                "llava.kv", "bf16",
                "llava.preprocess", "reference",
                "llava.threads", "3",
                "llava.wire", "f16",
                "llava.kv-tokens", "4096",
                "llava.tensor-cache-bytes", "8000000000"));
        assertThat(configuration.visionTower()).contains(Path.of("clip"));
        assertThat(configuration.engine()).isEqualTo(EngineChoice.TENSORFLOW);
        assertThat(configuration.weights()).isEqualTo(WeightsFormat.Q8_0);
        assertThat(configuration.kv()).isEqualTo(KvFormat.BF16);
        assertThat(configuration.preprocess()).isEqualTo(Preprocess.REFERENCE);
        assertThat(configuration.threads()).isEqualTo(3);
        assertThat(configuration.wire()).isEqualTo(WireFormat.F16);
        assertThat(configuration.kvTokens()).hasValue(4096);
        assertThat(configuration.tensorCacheBytes()).isEqualTo(8_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "llava.engine,cuda",
        "llava.weights,f64",
        "llava.kv,q8_0",
        "llava.preprocess,none",
        "llava.threads,0",
        "llava.threads,two",
        "llava.wire,bf16",
        "llava.kv-tokens,-1",
        "llava.tensor-cache-bytes,12",
        "llava.model,''"
    })
    void shouldNameThePropertyAndTheValueItCannotUse(String name, String value) {
        Map<String, String> properties = new HashMap<>(Map.of("llava.model", "m"));
        properties.put(name, value);
        assertThatThrownBy(() -> of(properties))
                .isInstanceOf(PropertyException.class)
                .hasMessageStartingWith(name + " must ")
                .hasMessageEndingWith(", not '" + value + "'");
    }
}

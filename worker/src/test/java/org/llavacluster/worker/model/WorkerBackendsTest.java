package org.llavacluster.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.config.PropertyException;

class WorkerBackendsTest {

    private static WorkerConfiguration configuration(EngineChoice engine, WeightsFormat weights) {
        return new WorkerConfiguration(
                Path.of("m"),
                Optional.empty(),
                engine,
                weights,
                KvFormat.F32,
                Preprocess.NATURAL,
                2,
                WireFormat.F32,
                OptionalInt.empty(),
                Optional.empty(),
                Path.of("cache"),
                1 << 20);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHoldAnyFormatOnSimd(WeightsFormat weights) {
        try (Backend backend = WorkerBackends.open(configuration(EngineChoice.SIMD, weights))) {
            assertThat(backend.name()).isEqualTo("simd");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void shouldRefuseFormatsThatTensorFlowDoesNotHold(WeightsFormat weights) {
        assertThatThrownBy(() -> WorkerBackends.open(configuration(EngineChoice.TENSORFLOW, weights)))
                .isInstanceOf(PropertyException.class)
                .hasMessage("llava.weights must be f32 with the tensorflow engine, not '" + weights.written() + "'");
    }

    @Test
    void shouldTakeTensorFlowWhereItIsAskedFor() {
        try (Backend backend = WorkerBackends.open(configuration(EngineChoice.TENSORFLOW, WeightsFormat.F32))) {
            assertThat(backend.name()).isEqualTo("tensorflow");
        }
    }

    @Test
    void shouldChooseByTheMachineWhereNothingIsAskedFor() {
        try (Backend backend = WorkerBackends.open(configuration(EngineChoice.AUTO, WeightsFormat.F32))) {
            boolean driver = Path.of("/dev/nvidiactl").toFile().exists()
                    || Path.of("/dev/dxg").toFile().exists();
            assertThat(backend.name()).isIn(driver ? new String[] {"simd", "tensorflow"} : new String[] {"simd"});
        }
    }
}

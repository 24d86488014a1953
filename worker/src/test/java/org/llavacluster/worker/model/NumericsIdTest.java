package org.llavacluster.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Program;

class NumericsIdTest {

    private record Named(String name, String kernelVersion) implements Backend {

        @Override
        public HostTensor allocate(DType dtype, long... shape) {
            throw new AssertionError("a name needs no memory");
        }

        @Override
        public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
            throw new AssertionError("a name needs no model");
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldDifferWithAnythingThatChangesBitsAndWithNothingElse() {
        Backend backend = new Named("tensorflow", "1");
        String id = NumericsId.of("ab", WeightsFormat.F32, WireFormat.F32, backend);

        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(NumericsId.of("ab", WeightsFormat.F32, WireFormat.F32, new Named("tensorflow", "1")))
                .isEqualTo(id);
        assertThat(List.of(
                        id,
                        NumericsId.of("ac", WeightsFormat.F32, WireFormat.F32, backend),
                        NumericsId.of("ab", WeightsFormat.Q8_0, WireFormat.F32, backend),
                        NumericsId.of("ab", WeightsFormat.F32, WireFormat.F16, backend),
                        NumericsId.of("ab", WeightsFormat.F32, WireFormat.F32, new Named("simd", "1")),
                        NumericsId.of("ab", WeightsFormat.F32, WireFormat.F32, new Named("tensorflow", "2")),
                        NumericsId.of("ab", WeightsFormat.F32, KvFormat.F32, backend),
                        NumericsId.of("ab", WeightsFormat.F32, KvFormat.F16, backend)))
                .doesNotHaveDuplicates();
    }
}

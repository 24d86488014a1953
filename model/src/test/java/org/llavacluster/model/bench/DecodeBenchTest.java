package org.llavacluster.model.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.memory.MemoryDemand;

class DecodeBenchTest {

    @Test
    void shouldTellWhatItTakesBeforeItTakesIt() {
        MemoryDemand demand = DecodeBench.demand(DecoderShape.LLAMA_7B, DType.F16, 8, 800);
        // LLaMA 7B has 6.607e9 elements in matrices, 131e6 in the table, and half a mebibyte of K and V per position.
        assertThat(demand.weightBytes().get(WeightsFormat.F32)).isEqualTo(4 * 6_607_077_376L + 2 * 131_072_000L);
        assertThat(demand.weightBytes().get(WeightsFormat.Q8_0)).isEqualTo(6_607_077_376L / 32 * 34 + 2 * 131_072_000L);
        assertThat(demand.kvBytes()).isEqualTo(8L * 800 * 512 * 1024);
        assertThat(demand.refusal("it needs", WeightsFormat.F32, 24_000_000_000L, WeightsFormat::written))
                .contains("it needs 30.3 GB in f32 (weights 26.7 GB, KV cache 3.4 GB) and 24.0 GB are available;"
                        + " in bf16 it would be 17.1 GB: bf16");
    }
}

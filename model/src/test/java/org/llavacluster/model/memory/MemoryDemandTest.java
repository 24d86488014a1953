package org.llavacluster.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.WeightsFormat;

class MemoryDemandTest {

    private static final long GB = 1_000_000_000;

    private static final MemoryDemand DEMAND = new MemoryDemand(
            Map.of(
                    WeightsFormat.F32, 28 * GB,
                    WeightsFormat.BF16, 14 * GB,
                    WeightsFormat.Q8_0, 7_500_000_000L,
                    WeightsFormat.Q4_0, 4 * GB),
            4 * GB,
            3);

    @Test
    void shouldFitToTheLastByte() {
        long all = 28 * GB + 4 * GB + 3 * MemoryDemand.PROCESS_BYTES;
        assertThat(DEMAND.bytes(WeightsFormat.F32)).isEqualTo(all);
        assertThat(refusal(WeightsFormat.F32, all)).isEmpty();
        assertThat(refusal(WeightsFormat.F32, all - 1)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F32 | 22.9 | they need 32.9 GB in f32 (weights 28.0 GB, KV cache 4.0 GB) and 22.9 GB are available; "
                        + "in bf16 it would be 18.9 GB: say bf16",
                "F32 | 13 | they need 32.9 GB in f32 (weights 28.0 GB, KV cache 4.0 GB) and 13.0 GB are available; "
                        + "in q8_0 it would be 12.4 GB: say q8_0",
                "Q8_0 | 10 | they need 12.4 GB in q8_0 (weights 7.5 GB, KV cache 4.0 GB) and 10.0 GB are available; "
                        + "in q4_0 it would be 8.9 GB: say q4_0",
                "Q4_0 | 6 | they need 8.9 GB in q4_0 (weights 4.0 GB, KV cache 4.0 GB) and 6.0 GB are available; "
                        + "no format fits, in q4_0 it would still be 8.9 GB"
            })
    void shouldNameTheLargestFormatThatFits(WeightsFormat format, double gigabytes, String line) {
        assertThat(refusal(format, Math.round(gigabytes * GB))).contains(line);
    }

    @Test
    void shouldWarnOfLessThanIsNeeded() {
        long all = DEMAND.bytes(WeightsFormat.Q8_0);
        assertThat(DEMAND.warning("they need", WeightsFormat.Q8_0, all)).isEmpty();
        assertThat(DEMAND.warning("they need", WeightsFormat.Q8_0, all - 2 * GB))
                .contains("they need up to 12.4 GB in q8_0 and 10.4 GB are available now: it may be slow, or the kernel"
                        + " may kill it");
    }

    private static Optional<String> refusal(WeightsFormat format, long available) {
        return DEMAND.refusal("they need", format, available, other -> "say " + other.written());
    }
}

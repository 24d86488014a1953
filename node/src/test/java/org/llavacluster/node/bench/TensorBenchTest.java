package org.llavacluster.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.proto.cluster.v1.DataType;

@Timeout(60)
class TensorBenchTest {

    @Test
    void shouldMeasureBothSizesBothWays() throws Exception {
        List<TensorBench.Result> results = TensorBench.run(1, 3);
        assertThat(results)
                .extracting(TensorBench.Result::dataType)
                .containsExactly(DataType.DATA_TYPE_F16, DataType.DATA_TYPE_F32);
        assertThat(results).extracting(result -> result.pull().bytes()).containsExactly(4_718_592L, 9_437_184L);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.pull().nanos()).hasSize(3);
            assertThat(result.socket().nanos()).hasSize(3);
            assertThat(result.fraction()).isPositive();
        });
    }

    @Test
    void shouldTakePercentilesOfTheRounds() {
        TransferTimes timing = new TransferTimes(1000, new long[] {40, 10, 30, 20});
        assertThat(timing.percentileNanos(0.5)).isEqualTo(20);
        assertThat(timing.percentileNanos(0.99)).isEqualTo(40);
        assertThat(timing.percentileNanos(0)).isEqualTo(10);
        assertThat(timing.gigabytesPerSecond()).isEqualTo(50);
    }
}

package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SortedValuesTest {

    @ParameterizedTest
    @CsvSource({"0, 1", "0.01, 1", "0.02, 2", "0.5, 50", "0.99, 99", "1, 100"})
    void shouldGiveTheSmallestValueThatThatShareDoesNotExceed(double share, double value) {
        SortedValues spread = SortedValues.of(
                DoubleStream.iterate(100, x -> x - 1).limit(100).boxed().toList());

        assertThat(spread.percentile(share)).isEqualTo(value);
        assertThat(spread.count()).isEqualTo(100);
    }

    @Test
    void shouldTakeTheMiddleOfThree() {
        assertThat(SortedValues.of(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
    }

    @Test
    void shouldHaveNoPercentileOfNothing() {
        assertThat(SortedValues.of(List.of()).median()).isNaN();
    }
}

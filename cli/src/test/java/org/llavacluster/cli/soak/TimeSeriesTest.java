package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {

    @Test
    void shouldGiveTheSlopeOfAStraightLine() {
        assertThat(series(point(0, 100), point(1, 102), point(2, 104)).slopeAfter(0))
                .hasValue(2);
        assertThat(series(point(0, 7), point(10, 7)).slopeAfter(0)).hasValue(0);
    }

    @Test
    void shouldFitTheLineWithTheLeastSquares() {
        // By hand: means 1.5 and 2.5, sum of products 4, sum of squares 5.
        assertThat(series(point(0, 1), point(1, 3), point(2, 2), point(3, 4))
                        .slopeAfter(0)
                        .orElseThrow())
                .isCloseTo(0.8, within(1e-12));
    }

    @Test
    void shouldFindALeakBelowNoise() {
        long seed = 8151;
        Random random = new Random(seed);
        List<TimeSeries.Point> points = IntStream.range(0, 180)
                .mapToObj(i -> point(i / 6.0, 900 + 0.7 * i / 6.0 + 5 * random.nextGaussian()))
                .toList();

        assertThat(new TimeSeries(points).slopeAfter(5).orElseThrow())
                .as("seed %d", seed)
                .isCloseTo(0.7, within(0.15));
    }

    @Test
    void shouldLeaveTheWarmUpOut() {
        assertThat(series(point(0, 0), point(4, 900), point(5, 1000), point(6, 1000), point(7, 1000))
                        .slopeAfter(5))
                .hasValue(0);
    }

    @Test
    void shouldHaveNoSlopeWithoutTwoTimes() {
        assertThat(series().slopeAfter(0)).isEmpty();
        assertThat(series(point(1, 5)).slopeAfter(0)).isEmpty();
        assertThat(series(point(1, 5), point(1, 6)).slopeAfter(0)).isEmpty();
        assertThat(series(point(1, 5), point(2, 6)).slopeAfter(1.5)).isEmpty();
    }

    private static TimeSeries series(TimeSeries.Point... points) {
        return new TimeSeries(List.of(points));
    }

    private static TimeSeries.Point point(double minutes, double value) {
        return new TimeSeries.Point(minutes, value);
    }
}
